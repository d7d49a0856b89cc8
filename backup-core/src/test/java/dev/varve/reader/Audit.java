package dev.varve.reader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what records, index, footers and packs say of each other. Used by one thread. */
final class Audit {

  private final StoredItems items;
  private final Keys keys;
  private final LogState state;
  private final Runs runs;
  private final Packs packs;
  private final List<String> complaints = new ArrayList<>();

  Audit(StoredItems items, Keys keys, LogState state, Runs runs, Packs packs) {
    this.items = items;
    this.keys = keys;
    this.state = state;
    this.runs = runs;
    this.packs = packs;
  }

  List<String> run() {
    state.packs.forEach(this::pack);
    long claimed = runs.chunks.values().stream().mapToLong(List::size).sum();
    long held =
        state.packs.entrySet().stream()
            .flatMap(pack -> packs.footer(pack.getKey(), pack.getValue().kind()).stream())
            .mapToLong(block -> block.chunks().size())
            .sum();
    expect("number of chunks in the index", held, claimed);
    return List.copyOf(complaints);
  }

  private void pack(String name, LogState.Pack pack) {
    byte[] item = items.read(Packs.key(name));
    expect("length of " + name, pack.storedBytes(), (long) item.length);
    Optional<Runs.PackClaim> claim = Optional.ofNullable(runs.packs.get(name));
    if (claim.isEmpty()) {
      complaints.add("No run speaks of " + name);
      return;
    }
    HexFormat hex = HexFormat.of();
    expect("kind of " + name, pack.kind(), claim.get().kind());
    expect("length of " + name, pack.storedBytes(), claim.get().storedBytes());
    expect("hash of " + name, hex.formatHex(Primitives.sha256(item)), claim.get().sha256());
    byte[] sealed = Packs.sealedBlockKey(item, pack.kind());
    expect(
        "block key of " + name, hex.formatHex(sealed), hex.formatHex(claim.get().sealedBlockKey()));
    byte[] blockKey = packs.blockKey(name, pack.kind(), sealed);
    for (Packs.FooterBlock block : packs.footer(name, pack.kind())) {
      block(name, pack.kind(), blockKey, item, block);
    }
  }

  private void block(String pack, int kind, byte[] blockKey, byte[] item, Packs.FooterBlock block) {
    String where = pack + " block " + block.ordinal();
    byte[] marker = Arrays.copyOfRange(item, block.offset() - 16, block.offset());
    if (!Arrays.equals(marker, keys.marker(pack, block.ordinal()))) {
      complaints.add("Another marker before " + where);
    }
    byte[] sealed = Arrays.copyOfRange(item, block.offset(), block.offset() + block.length());
    byte[] content = packs.open(pack, kind, blockKey, block.ordinal(), sealed);
    int at = 0;
    for (Packs.FooterChunk chunk : block.chunks()) {
      byte[] plain = Arrays.copyOfRange(content, at, at + chunk.length());
      expect("id in " + where, chunk.id(), keys.chunkId(chunk.kind(), plain));
      Runs.Place place =
          new Runs.Place(pack, block.ordinal(), block.offset(), block.length(), at, chunk.length());
      if (!runs.chunks.getOrDefault(chunk.id(), List.of()).contains(place)) {
        complaints.add("The index does not know " + place);
      }
      expect("kind of pack for " + where, kind, chunk.kind() == Keys.DATA ? 1 : 2);
      at += chunk.length();
    }
    expect("length of " + where, at, content.length);
  }

  private void expect(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      complaints.add(Map.of(what, expected + " but " + found).toString());
    }
  }
}
