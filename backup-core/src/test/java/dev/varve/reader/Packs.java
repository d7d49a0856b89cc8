package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import com.github.luben.zstd.Zstd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Section 10: packs, blocks and footers. Used by one thread. */
final class Packs {

  /** A chunk in a footer. */
  record FooterChunk(int kind, String id, int length) {}

  /** A block in a footer. */
  record FooterBlock(int ordinal, int offset, int length, List<FooterChunk> chunks) {}

  private static final int CACHED_BLOCKS = 32;

  private final StoredItems items;
  private final Keys keys;
  private final Map<String, byte[]> opened =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > CACHED_BLOCKS;
        }
      };
  private final Map<String, byte[]> blockKeys = new HashMap<>();

  Packs(StoredItems items, Keys keys) {
    this.items = items;
    this.keys = keys;
  }

  static String key(String pack) {
    return "packs/" + pack.substring(0, 2) + "/" + pack;
  }

  private static char letter(int kind) {
    require(kind == 1 || kind == 2, "There is no such kind of pack");
    return kind == 1 ? 'D' : 'C';
  }

  byte[] blockKey(String pack, int kind, byte[] sealed) {
    return blockKeys.computeIfAbsent(
        pack,
        same ->
            Primitives.openSmall(
                keys.key(kind == 1 ? "seal-data" : "seal-catalog"),
                keys.binding(letter(kind), key(pack), -2),
                sealed));
  }

  /** The sealed block key in a pack's header. */
  static byte[] sealedBlockKey(byte[] item, int kind) {
    Input in = new Input(item);
    in.header(letter(kind));
    in.u16();
    require(in.u8() == 1, "The block key is sealed in a way that is not known");
    in.raw(in.u16());
    return in.raw(in.u16());
  }

  /** The content of a block. */
  byte[] block(String pack, int kind, byte[] sealedKey, Runs.Place place) {
    return opened.computeIfAbsent(
        pack + " " + place.block() + " " + place.offset() + " " + place.length(),
        same -> {
          byte[] item = items.read(key(pack));
          int at = (int) place.offset();
          byte[] sealed = Arrays.copyOfRange(item, at, at + place.length());
          return open(pack, kind, blockKey(pack, kind, sealedKey), place.block(), sealed);
        });
  }

  byte[] open(String pack, int kind, byte[] blockKey, int ordinal, byte[] sealed) {
    byte[] binding = keys.binding(letter(kind), key(pack), ordinal);
    Input in = new Input(Primitives.openSegments(blockKey, binding, sealed));
    int codec = in.u8();
    long length = in.u32();
    require(length <= 32 << 20, "A block is too long");
    byte[] payload = in.raw(in.left());
    byte[] content = new byte[(int) length];
    if (codec == 0) {
      content = payload;
    } else {
      require(codec == 1, "There is no codec " + codec);
      long count = Zstd.decompress(content, payload);
      require(count == length, "A block does not decompress to its length");
    }
    require(content.length == length, "A block has another length");
    return content;
  }

  /** What a pack's footer says; the block key is taken from the header. */
  List<FooterBlock> footer(String pack, int kind) {
    byte[] item = items.read(key(pack));
    byte[] blockKey = blockKey(pack, kind, sealedBlockKey(item, kind));
    int end = item.length - 4;
    int length = (int) new Input(Arrays.copyOfRange(item, end, item.length)).u32();
    byte[] sealed = Arrays.copyOfRange(item, end - length, end);
    Input in =
        new Input(
            Primitives.openSegments(blockKey, keys.binding(letter(kind), key(pack), -1), sealed));
    List<FooterBlock> blocks = new ArrayList<>();
    for (long left = in.varint(65_536); left > 0; left--) {
      int ordinal = (int) in.varint(65_536);
      int offset = (int) in.varint(end - length);
      int stored = (int) in.varint(end - length - offset);
      blocks.add(new FooterBlock(ordinal, offset, stored, in.list(() -> chunk(in))));
    }
    in.end();
    return blocks;
  }

  private static FooterChunk chunk(Input in) {
    return new FooterChunk(in.u8(), in.hex(32), (int) in.varint(1 << 24));
  }
}
