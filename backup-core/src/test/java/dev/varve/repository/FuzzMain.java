package dev.varve.repository;

import com.sun.management.ThreadMXBean;
import dev.varve.internal.catalog.CatalogFuzz;
import dev.varve.internal.chunkstore.ChunkstoreFuzz;
import dev.varve.internal.crypto.CryptoFuzz;
import dev.varve.internal.format.FormatFuzz;
import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.index.IndexFuzz;
import dev.varve.internal.log.LogFuzz;
import dev.varve.internal.vault.VaultFuzz;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Jazzer calls: every decoder, with raw bytes and with bytes sealed by the real keys. The
 * first byte chooses one, unless {@code -Dvarve.fuzz.target} names it.
 */
public final class FuzzMain {

  static final List<FuzzTarget> TARGETS =
      Stream.of(
              FormatFuzz.targets(),
              VaultFuzz.targets(),
              CryptoFuzz.targets(),
              LogFuzz.targets(),
              ChunkstoreFuzz.targets(),
              IndexFuzz.targets(),
              CatalogFuzz.targets())
          .flatMap(List::stream)
          .toList();

  /** What bytes may cost at most; a path of 32 KiB may be told in 10 bytes of an entry. */
  private static final long MOST_BYTES = 64 << 20;

  private static final List<String> UNBOUNDED = List.of("entries");

  private static final String CHOSEN = System.getProperty("varve.fuzz.target", "");

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FuzzMain() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (!CHOSEN.isEmpty()) {
      TARGETS.stream().filter(t -> t.name().equals(CHOSEN)).forEach(t -> run(t, data));
    } else if (data.length > 0) {
      int number = (data[0] & 0xff) % TARGETS.size();
      run(TARGETS.get(number), Arrays.copyOfRange(data, 1, data.length));
    }
  }

  /** Runs one target; whether it took the bytes. */
  static boolean run(FuzzTarget target, byte[] data) {
    long begin = THREADS.getCurrentThreadAllocatedBytes();
    boolean taken = target.takes(data);
    if (isMuch(begin) && !UNBOUNDED.contains(target.name())) {
      // It may have been the loading of classes.
      long again = THREADS.getCurrentThreadAllocatedBytes();
      target.takes(data);
      if (isMuch(again)) {
        throw new IllegalStateException(target + " allocates more than " + MOST_BYTES + " bytes");
      }
    }
    return taken;
  }

  private static boolean isMuch(long since) {
    return THREADS.getCurrentThreadAllocatedBytes() - since > MOST_BYTES;
  }
}
