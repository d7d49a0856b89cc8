package dev.varve.repository;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.SourceIdentity;
import dev.varve.testkit.MemorySource;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Sources that follow from a name and a seed, so that another process can make the same again. Some
 * of their files others have too, some nobody; revisions are those of the seed.
 */
final class Generated {

  private static final int OWN_FILES = 5;
  private static final int MOST_OWN_BYTES = 40_000;
  private static final int SHARED_BYTES = 60_000;

  private Generated() {}

  static MemorySource source(String name, long seed) {
    return source(name, seed, MOST_OWN_BYTES);
  }

  static MemorySource source(String name, long seed, int mostOwnBytes) {
    return source(name, seed, OWN_FILES, mostOwnBytes, SHARED_BYTES);
  }

  /** A small one, of which still a good part is shared with others. */
  static MemorySource small(String name, long seed) {
    return source(name, seed, 3, 3000, 9000);
  }

  private static MemorySource source(
      String name, long seed, int files, int mostOwnBytes, int sharedBytes) {
    Random random = new Random(seed);
    MemorySource source = new MemorySource(new SourceIdentity("memory", name, "test"));
    for (int i = 0; i < files; i++) {
      put(source, "own" + i, bytes(random.nextLong(), 1 + random.nextInt(mostOwnBytes)), seed);
      put(source, "shared" + i, bytes(random.nextInt(4), sharedBytes), seed);
    }
    return source;
  }

  private static void put(MemorySource source, String path, byte[] content, long seed) {
    byte[] revision = ByteBuffer.allocate(Long.BYTES).putLong(seed).array();
    source.put(
        Entry.builder(EntryPath.of(path), EntryKind.FILE)
            .size(content.length)
            .revision(Revision.of(revision))
            .build(),
        content);
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
