package dev.varve.repository;

import java.security.Provider;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.Random;

/**
 * Makes every {@code SecureRandom} of this process follow from a seed, so that what happened by
 * chance happens again. To be installed before any other class of the library is loaded, in a
 * process that does nothing else.
 */
public final class SeededRandomness extends SecureRandomSpi {

  private static final long serialVersionUID = 1;
  private static final Random RANDOM = new Random(0);

  /** For the JDK. */
  public SeededRandomness() {}

  static void install() {
    Security.insertProviderAt(new Seeded(), 1);
  }

  static void seed(long seed) {
    RANDOM.setSeed(seed);
  }

  @Override
  protected void engineSetSeed(byte[] seed) {}

  @Override
  protected void engineNextBytes(byte[] bytes) {
    RANDOM.nextBytes(bytes);
  }

  @Override
  protected byte[] engineGenerateSeed(int bytes) {
    return new byte[bytes];
  }

  private static final class Seeded extends Provider {
    private static final long serialVersionUID = 1;

    Seeded() {
      super("Seeded", "1", "randomness that is not");
      put("SecureRandom.Seeded", SeededRandomness.class.getName());
    }
  }
}
