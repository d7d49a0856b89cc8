package dev.varve.internal.crypto;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * How hard it is to try a passphrase: the parameters of Argon2id, version 0x13 (RFC 9106). Stored
 * as three u32 in this order.
 *
 * @param memoryKib the memory in KiB, {@value #LEAST_MEMORY_KIB} or more, at most {@value
 *     #MOST_MEMORY_KIB}, and 8 or more for each lane
 * @param passes how often the memory is gone over, from 1 to {@value #MOST_PASSES}
 * @param lanes the degree of parallelism, from 1 to {@value #MOST_LANES}
 */
public record Argon2Cost(int memoryKib, int passes, int lanes) {

  /** 64 MiB, 3 passes, 1 lane: the second choice of RFC 9106, of one lane since one thread runs. */
  public static final Argon2Cost DEFAULT = new Argon2Cost(64 << 10, 3, 1);

  /** The least there is; for tests, it protects nothing. */
  public static final Argon2Cost LEAST = new Argon2Cost(Argon2Cost.LEAST_MEMORY_KIB, 1, 1);

  static final int LEAST_MEMORY_KIB = 1 << 10;
  static final int MOST_MEMORY_KIB = 1 << 20;
  static final int MOST_PASSES = 16;
  static final int MOST_LANES = 16;

  public Argon2Cost {
    if (!valid(memoryKib, passes, lanes)) {
      throw new IllegalArgumentException(refusal(memoryKib, passes, lanes));
    }
  }

  void write(Encoder out) {
    out.u32(memoryKib).u32(passes).u32(lanes);
  }

  /** Reads what {@link #write} wrote, and refuses what would take unreasonably long or much. */
  static Argon2Cost read(Decoder in) throws FormatException {
    long memoryKib = in.u32();
    long passes = in.u32();
    long lanes = in.u32();
    if (!valid(memoryKib, passes, lanes)) {
      throw new FormatException(refusal(memoryKib, passes, lanes));
    }
    return new Argon2Cost((int) memoryKib, (int) passes, (int) lanes);
  }

  /** Fails if the JVM's heap cannot hold the memory. */
  void checkMemory() throws IOException {
    checkMemory(Runtime.getRuntime().maxMemory());
  }

  /** Fails if a heap of so many bytes cannot hold the memory: three quarters of it may be taken. */
  void checkMemory(long heapBytes) throws IOException {
    long mostKib = heapBytes >> 10;
    if (memoryKib > mostKib / 4 * 3) {
      throw new IOException(
          "To try a passphrase on this slot takes "
              + (memoryKib >> 10)
              + " MiB of heap, and there are "
              + (mostKib >> 10)
              + "; raise -Xmx or use another key");
    }
  }

  /** Argon2id of a passphrase, 32 bytes. */
  byte[] derive(byte[] passphrase, byte[] salt) {
    Argon2BytesGenerator argon = new Argon2BytesGenerator();
    argon.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[RepositoryKeys.KEY_BYTES];
    argon.generateBytes(passphrase, key);
    return key;
  }

  private static boolean valid(long memoryKib, long passes, long lanes) {
    return LEAST_MEMORY_KIB <= memoryKib
        && memoryKib <= MOST_MEMORY_KIB
        && 1 <= passes
        && passes <= MOST_PASSES
        && 1 <= lanes
        && lanes <= MOST_LANES;
  }

  private static String refusal(long memoryKib, long passes, long lanes) {
    return "Argon2id is not run with "
        + (memoryKib + " KiB, " + passes + " passes and " + lanes + " lanes; the limits are ")
        + (LEAST_MEMORY_KIB + " to " + MOST_MEMORY_KIB + " KiB, ")
        + (MOST_PASSES + " passes and " + MOST_LANES + " lanes");
  }
}
