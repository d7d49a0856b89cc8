package dev.varve.repository;

import dev.varve.internal.format.PackName;
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
  private static final StackWalker STACK = StackWalker.getInstance();
  private static final int NAMES = 12;

  /** How often randomness is drawn for one name. */
  private static final int DRAWS = 4;

  private static boolean repeating;
  private static int drawn;

  /** For the JDK. */
  public SeededRandomness() {}

  static void install() {
    Security.insertProviderAt(new Seeded(), 1);
  }

  static void seed(long seed) {
    RANDOM.setSeed(seed);
  }

  /** Makes names of packs come again after {@value #NAMES} others, or never. */
  static void repeat(boolean names) {
    repeating = names;
    drawn = 0;
  }

  @Override
  protected void engineSetSeed(byte[] seed) {}

  @Override
  protected void engineNextBytes(byte[] bytes) {
    boolean again = repeating && STACK.walk(frames -> frames.anyMatch(this::namesPack));
    Random random = again ? new Random(drawn++ % (NAMES * DRAWS)) : RANDOM;
    random.nextBytes(bytes);
  }

  private boolean namesPack(StackWalker.StackFrame frame) {
    return frame.getClassName().equals(PackName.class.getName());
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
