package dev.varve.internal.chunkstore;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.function.Executable;

/** Measures what this thread allocates on the heap. */
final class Allocation {

  /** What hostile bytes may cost before they are refused. */
  private static final long MOST_BYTES = 16 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Fails if this takes 16 MiB or more. */
  static void requireLittle(Executable work) throws Throwable {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.execute();
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < MOST_BYTES, bytes + " bytes were allocated");
  }
}
