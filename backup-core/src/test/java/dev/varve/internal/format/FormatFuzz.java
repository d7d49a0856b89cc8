package dev.varve.internal.format;

import java.util.List;

/** Fuzzes what all rooms are made of. */
public final class FormatFuzz {

  private FormatFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    ChunkRef ref = new ChunkRef(ChunkId.at(new byte[ChunkId.BYTES], 0), 1000);
    Encoder root = new Encoder(200);
    new CatalogRoot(new ChunkList(1, List.of(ref)), 3, 1000).write(root);
    Encoder parts = new Encoder(100);
    parts.u8(1).u16(2).u32(3).u64(4).varint(5).signed(-6).text("seven").varint(Long.MIN_VALUE);
    return List.of(
        new FuzzTarget(
            "catalog-root",
            data -> {
              Decoder in = new Decoder(data);
              CatalogRoot.read(in);
              ChunkList.read(in);
              in.end();
            },
            List.of(root.toBytes())),
        new FuzzTarget(
            "primitives",
            data -> {
              Decoder in = new Decoder(data);
              while (in.remaining() > 0) {
                switch (in.u8() % 9) {
                  case 0 -> in.u16();
                  case 1 -> in.u32();
                  case 2 -> in.u64();
                  case 3 -> in.varint();
                  case 4 -> in.signed();
                  case 5 -> in.text(100);
                  case 6 -> in.count(1000, 2);
                  case 7 -> in.bytes(1 << 20);
                  default -> in.skip(in.u8());
                }
              }
            },
            List.of(parts.toBytes())));
  }
}
