package dev.varve.source.files;

import java.nio.ByteBuffer;

/** A way to call functions of the C library. Safe for use by many threads. */
interface NativeBinding {

  /**
   * Calls a function with as many of the arguments as it takes.
   *
   * @return its result, or the negated error number
   * @throws UnsatisfiedLinkError if this C library has no such function
   */
  long call(LinuxCall call, long a, long b, long c, long d, long e);

  /** Where a direct buffer lies. */
  long address(ByteBuffer direct);
}
