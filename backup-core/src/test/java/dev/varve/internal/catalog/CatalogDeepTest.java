package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog of a million entries, with figures. */
@Tag("deep")
class CatalogDeepTest {

  private static final int ENTRIES = 1_000_000;
  private static final long FLAT_BYTES = 4 << 20;

  @TempDir private Path directory;

  @Test
  void catalog_ofAMillionEntries_needsNoMoreHeapThanOneOfATenth() throws Exception {
    try (FileChunks chunks = new FileChunks(directory.resolve("chunks"))) {
      CatalogRoot root = write(chunks);
      assertEquals(ENTRIES, root.entries());
      read(new CatalogReader(chunks, root));
      walk(new CatalogReader(chunks, root));
    }
  }

  private static CatalogRoot write(FileChunks chunks) throws IOException {
    CatalogWriter writer = new CatalogWriter(chunks, Entries.CUTS);
    long early = 0;
    long began = System.nanoTime();
    for (int i = 0; i < ENTRIES; i++) {
      if (i == ENTRIES / 10) {
        early = usedBytes();
        began = System.nanoTime();
      }
      writer.add(Entries.asOnDisk(path(i), new Random(i)));
    }
    long nanos = (System.nanoTime() - began) * 10 / 9 / ENTRIES;
    requireFlat(early);
    CatalogRoot root = writer.finish();
    System.out.println(
        ENTRIES
            + " entries: "
            + chunks.length() / ENTRIES
            + " bytes an entry before compression, making and writing one "
            + nanos
            + " ns, depth "
            + root.fences().depth());
    return root;
  }

  private static void read(CatalogReader reader) throws IOException {
    CatalogCursor cursor = reader.cursor();
    long early = 0;
    long began = System.nanoTime();
    for (int i = 0; i < ENTRIES; i++) {
      if (i == ENTRIES / 10) {
        early = usedBytes();
        began = System.nanoTime();
      }
      CatalogEntry entry = cursor.next().orElseThrow();
      assertTrue(i % 1000 > 0 || entry.equals(Entries.asOnDisk(path(i), new Random(i))));
    }
    long nanos = (System.nanoTime() - began) * 10 / 9 / ENTRIES;
    requireFlat(early);
    assertEquals(Optional.empty(), cursor.next());
    System.out.println("Reading one: " + nanos + " ns");
  }

  private static void walk(CatalogReader reader) throws IOException {
    ReachableChunks reachable = new ReachableChunks(reader);
    long early = 0;
    long data = 0;
    for (Optional<ReachableChunk> c = reachable.next(); c.isPresent(); c = reachable.next()) {
      data += c.get().kind() == ChunkKind.DATA ? 1 : 0;
      if (data == ENTRIES / 10 && early == 0) {
        early = usedBytes();
      }
    }
    requireFlat(early);
    assertEquals(ENTRIES, data);
  }

  private static EntryPath path(int i) {
    return EntryPath.of(
        String.format("srv/%03d/%03d/file-%07d.dat", i / 100_000, i / 1000 % 100, i));
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static void requireFlat(long earlyBytes) {
    long grown = usedBytes() - earlyBytes;
    assertTrue(grown < FLAT_BYTES, "The heap grew by " + grown + " bytes");
  }

  /** Keeps chunks in a file, and only where they are in memory. One thread. */
  private static final class FileChunks implements ChunkSink, ChunkSource, AutoCloseable {

    private final RandomAccessFile file;
    private final MemoryChunks names = new MemoryChunks();
    private final Map<ChunkRef, Long> offsets = new HashMap<>();

    FileChunks(Path path) throws IOException {
      file = new RandomAccessFile(path.toFile(), "rw");
    }

    @Override
    public ChunkRef put(ChunkKind kind, byte[] bytes, int offset, int count) throws IOException {
      ChunkRef ref = names.put(kind, bytes, offset, count);
      names.lose(kind, ref);
      if (offsets.putIfAbsent(ref, file.length()) == null) {
        file.seek(file.length());
        file.write(bytes, offset, count);
      }
      return ref;
    }

    @Override
    public byte[] get(ChunkKind kind, ChunkRef ref) throws IOException {
      byte[] bytes = new byte[ref.length()];
      file.seek(Optional.ofNullable(offsets.get(ref)).orElseThrow());
      file.readFully(bytes);
      return bytes;
    }

    long length() throws IOException {
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
