package dev.varve.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Contents to measure with; the same each time. Stateless. */
final class Contents {

  private static final String[] WORDS =
      ("public static final class return import package long index chunk length bytes offset"
              + " private void throws new int if for while true false null this the of and to")
          .split(" ");

  private Contents() {}

  /** Bytes that no one can compress. */
  static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    return content;
  }

  /** Bytes that compress about as well as source text. */
  static byte[] text(int bytes) {
    Random random = new Random(1);
    StringBuilder out = new StringBuilder(bytes + 16);
    while (out.length() < bytes) {
      out.append(WORDS[random.nextInt(WORDS.length)]);
      out.append(random.nextInt(8) == 0 ? "\n" : " ");
      if (random.nextInt(6) == 0) {
        out.append(Integer.toHexString(random.nextInt()));
      }
    }
    return out.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
  }
}
