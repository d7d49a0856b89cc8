package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Fuzzes chunks of catalogs and lists whose ids are right. */
public final class CatalogFuzz {

  private static final int MOST = 200_000;

  private CatalogFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget("entries", data -> catalog(data, 0), List.of(entries())),
        new FuzzTarget("fences", data -> catalog(data, 1), List.of(fences(1), fences(2))),
        new FuzzTarget("content-list", CatalogFuzz::content, List.of(contents(1), contents(2))),
        new FuzzTarget("problems", CatalogFuzz::problems, List.of(new byte[] {'P', 0, 1, 'x'})));
  }

  private static void catalog(byte[] data, int depth) throws IOException {
    MemoryChunks chunks = new MemoryChunks();
    ChunkRef ref = put(chunks, ChunkKind.CATALOG, data);
    CatalogRoot root = new CatalogRoot(new ChunkList(depth, List.of(ref)), 1, 0);
    CatalogReader reader = new CatalogReader(chunks, root);
    CatalogCursor cursor = reader.cursor();
    EntryPath last = EntryPath.of("\u0001");
    for (int i = 0; i < MOST; i++) {
      var next = cursor.next();
      if (next.isEmpty()) {
        break;
      }
      if (i > 0 && next.get().path().compareTo(last) <= 0) {
        throw new IllegalStateException(next.get().path() + " came after " + last);
      }
      last = next.get().path();
    }
    reader.find(EntryPath.of("f"));
    ReachableChunks reachable = new ReachableChunks(reader);
    for (int i = 0; i < MOST && reachable.next().isPresent(); i++) {}
  }

  private static void content(byte[] data) throws IOException {
    MemoryChunks chunks = new MemoryChunks();
    ChunkRef ref = put(chunks, ChunkKind.LIST, data);
    ContentCursor cursor = new ContentCursor(chunks, new ChunkList(1, List.of(ref)));
    for (int i = 0; i < MOST && cursor.next().isPresent(); i++) {}
  }

  private static void problems(byte[] data) throws IOException {
    MemoryChunks chunks = new MemoryChunks();
    ChunkRef ref = put(chunks, ChunkKind.CATALOG, data);
    ProblemList.read(chunks, new ChunkList(0, List.of(ref)));
  }

  private static ChunkRef put(MemoryChunks chunks, ChunkKind kind, byte[] data)
      throws FormatException {
    if (data.length == 0) {
      throw new FormatException("No chunk is empty");
    }
    return chunks.put(kind, data, 0, data.length);
  }

  private static byte[] entries() {
    EntryEncoder encoder = new EntryEncoder();
    Random random = new Random(3);
    Entries.tree(3, 30).values().forEach(entry -> encoder.add(entry, entry.path().bytes()));
    random.nextInt();
    return Arrays.copyOf(encoder.array(), encoder.length());
  }

  private static byte[] fences(int level) {
    Encoder out = new Encoder(100).u8(level);
    PathEncoder paths = new PathEncoder();
    for (String first : List.of("a", "ab/c", "b")) {
      paths.write(out, EntryPath.of(first).bytes());
      ref(first).write(out);
    }
    return out.toBytes();
  }

  private static byte[] contents(int level) {
    Encoder out = new Encoder(100).u8(level);
    for (String first : List.of("a", "b")) {
      ref(first).write(out);
      if (level > 1) {
        out.varint(1000);
      }
    }
    return out.toBytes();
  }

  private static ChunkRef ref(String seed) {
    byte[] id = new byte[ChunkId.BYTES];
    new Random(seed.hashCode()).nextBytes(id);
    return new ChunkRef(ChunkId.at(id, 0), 1000);
  }
}
