package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.SourceIdentity;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Sources that follow from a name and a seed, so that another process can make the same again. Some
 * of their files others have too, some nobody; revisions are those of the seed.
 */
public final class GeneratedSource {

  /** So many contents are shared, whatever the seed. */
  private static final int SHARED_CONTENTS = 4;

  private GeneratedSource() {}

  /**
   * Makes a source.
   *
   * @param files how many files it has of its own, and as many that it shares
   * @param mostOwnBytes how long the former are at most, from 1 on
   * @param sharedBytes how long the latter are
   */
  public static MemorySource of(
      String name, long seed, int files, int mostOwnBytes, int sharedBytes) {
    Random random = new Random(seed);
    MemorySource source = new MemorySource(new SourceIdentity("memory", name, "test"));
    for (int i = 0; i < files; i++) {
      put(source, "own" + i, bytes(random.nextLong(), 1 + random.nextInt(mostOwnBytes)), seed);
      put(source, "shared" + i, bytes(random.nextInt(SHARED_CONTENTS), sharedBytes), seed);
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
