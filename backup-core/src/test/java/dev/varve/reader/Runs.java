package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Section 9: what live runs say of packs and chunks. Used by one thread. */
final class Runs {

  /** Where a chunk is said to lie. */
  record Place(String pack, int block, long offset, int length, int chunkOffset, int chunkLength) {}

  /** What is said of a pack. */
  record PackClaim(int kind, long storedBytes, String sha256, byte[] sealedBlockKey) {}

  private static final int ROWS_BYTES = 4040;

  final Map<String, List<Place>> chunks = new HashMap<>();
  final Map<String, PackClaim> packs = new TreeMap<>();

  private final Keys keys;

  Runs(Keys keys) {
    this.keys = keys;
  }

  /** The plaintext of a run, page by page. */
  static List<byte[]> pages(Keys keys, String key, byte[] item) {
    Input in = new Input(item);
    in.header('I');
    require(in.left() > 0 && in.left() % 4096 == 0, "A run has whole pages");
    byte[] plain =
        Primitives.openSegments(
            keys.key("seal-index"), keys.binding('I', key, 0), in.raw(in.left()));
    List<byte[]> pages = new ArrayList<>();
    for (int start = 0; start < plain.length; ) {
      int end = start == 0 ? 4040 : start + 4080;
      pages.add(Arrays.copyOfRange(plain, start, end));
      start = end;
    }
    return pages;
  }

  void add(String name, byte[] item) {
    List<byte[]> pages = pages(keys, "index/" + name, item);
    Input trailer = new Input(Arrays.copyOfRange(pages.get(pages.size() - 1), 4008, 4040));
    int chunkCount = (int) trailer.u64();
    int packCount = (int) trailer.u32();
    int width = trailer.u16();
    List<Input> names = section(pages, 0, packCount, 16);
    int page = pageCount(packCount, 16);
    List<Input> details = section(pages, page, packCount, width);
    page += pageCount(packCount, width);
    List<Input> rows = section(pages, page, chunkCount, 56);
    page += pageCount(chunkCount, 56);
    int firsts = pageCount(packCount, 16) + pageCount(chunkCount, 56);
    page += pageCount(firsts + 4, 8);
    require(page == pages.size(), "The numbers do not explain the pages");
    List<String> packNames = new ArrayList<>();
    for (int i = 0; i < packCount; i++) {
      String pack = names.get(i).hex(16);
      packNames.add(pack);
      Input in = details.get(i);
      int kind = in.u8();
      long stored = in.u64();
      String sha256 = in.hex(32);
      in.u32();
      require(in.u8() == 1, "A block key is sealed in a way that is not known");
      packs.putIfAbsent(pack, new PackClaim(kind, stored, sha256, in.raw(in.u16())));
    }
    String last = "";
    for (Input in : rows) {
      String id = in.hex(32);
      require(id.compareTo(last) >= 0, "Rows do not ascend");
      last = id;
      int pack = (int) in.u32();
      require(pack < packCount, "A row names no pack");
      Place place =
          new Place(
              packNames.get(pack),
              (int) in.u32(),
              in.u32(),
              (int) in.u32(),
              (int) in.u32(),
              (int) in.u32());
      chunks.computeIfAbsent(id, none -> new ArrayList<>()).add(place);
    }
  }

  private static int pageCount(int rows, int width) {
    return rows == 0 ? 0 : (rows - 1) / (ROWS_BYTES / width) + 1;
  }

  private static List<Input> section(List<byte[]> pages, int firstPage, int rows, int width) {
    List<Input> section = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      int perPage = ROWS_BYTES / width;
      byte[] page = pages.get(firstPage + i / perPage);
      int at = i % perPage * width;
      section.add(new Input(Arrays.copyOfRange(page, at, at + width)));
    }
    return section;
  }
}
