package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.function.IntPredicate;
import javax.crypto.AEADBadTagException;
import javax.crypto.BadPaddingException;
import org.junit.jupiter.api.Test;

/** Whatever function goes wrong, the self test names it before anything is written. */
class SelfTestTest {

  private static final String SMALL = "XAES-256-GCM";
  private static final String ONE_SEGMENT = "Segmented AES-256-GCM of 100 bytes";
  private static final String SEVERAL = "Segmented AES-256-GCM of 8200 bytes";
  private static final int TAG_BYTES = 16;

  @Test
  void run_soundJdk_passes() throws Exception {
    try (StandInJdk jdk = StandInJdk.install(new StandInJdk.Fault() {})) {
      SelfTest.run();
      assertTrue(jdk.outputs().size() > 10, "the stand-in is asked");
    }
  }

  @Test
  void run_aCodeOrABlockIsWrong_isNamed() {
    assertFound("HMAC-SHA-256", spoiling("HmacSHA256"));
    assertFound("AES-128", spoiling("AES/ECB/NoPadding"));
  }

  private static StandInJdk.Fault spoiling(String wrong) {
    return new StandInJdk.Fault() {
      @Override
      public byte[] after(String function, boolean encrypting, byte[] output) {
        return function.equals(wrong) ? Known.flipped(output, 3) : output;
      }
    };
  }

  /** It opens what it sealed, and nobody else can. */
  @Test
  void run_sealsWronglyAndOpensItAgain_isNamed() {
    for (Reach reach : Reach.values()) {
      assertFound(
          reach.name,
          new StandInJdk.Fault() {
            @Override
            public byte[] before(String cipher, boolean encrypting, byte[] input) {
              boolean undo = !encrypting && reach.plainBytes.test(input.length - TAG_BYTES);
              return isGcm(cipher) && undo ? Known.flipped(input, 3) : input;
            }

            @Override
            public byte[] after(String function, boolean encrypting, byte[] output) {
              boolean spoil = encrypting && reach.plainBytes.test(output.length - TAG_BYTES);
              return isGcm(function) && spoil ? Known.flipped(output, 3) : output;
            }
          });
    }
  }

  @Test
  void run_opensToSomethingElse_isNamed() {
    for (Reach reach : Reach.values()) {
      assertFound(
          reach.name,
          new StandInJdk.Fault() {
            @Override
            public byte[] after(String function, boolean encrypting, byte[] output) {
              boolean spoil = !encrypting && reach.plainBytes.test(output.length);
              return isGcm(function) && spoil ? Known.flipped(output, 3) : output;
            }
          });
    }
  }

  @Test
  void run_refusesToOpen_isNamed() {
    for (Reach reach : Reach.values()) {
      assertFound(
          reach.name,
          new StandInJdk.Fault() {
            @Override
            public byte[] before(String cipher, boolean encrypting, byte[] input)
                throws BadPaddingException {
              if (isGcm(cipher) && !encrypting && reach.plainBytes.test(input.length - TAG_BYTES)) {
                throw new AEADBadTagException("as if");
              }
              return input;
            }
          });
    }
  }

  private static boolean isGcm(String cipher) {
    return cipher.equals("AES/GCM/NoPadding");
  }

  /** Which inputs of a cipher a fault touches, and what is named for it. */
  private enum Reach {
    EVERY(SMALL, bytes -> true),
    SEGMENT(ONE_SEGMENT, bytes -> bytes >= 100),
    FULL_SEGMENT(SEVERAL, bytes -> bytes == StreamSeal.PLAIN_SEGMENT_BYTES),
    SHORT_LAST(SEVERAL, bytes -> bytes == 80);

    private final String name;
    private final IntPredicate plainBytes;

    Reach(String name, IntPredicate plainBytes) {
      this.name = name;
      this.plainBytes = plainBytes;
    }
  }

  private static void assertFound(String function, StandInJdk.Fault fault) {
    StandInJdk jdk = StandInJdk.install(fault);
    try (jdk) {
      IOException error = assertThrows(IOException.class, SelfTest::run);
      assertEquals(
          function
              + " gives wrong results on this machine; look for bad memory or a faulty JDK, and"
              + " write no backup before it is found",
          error.getMessage());
    }
  }
}
