package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** What opens key slots. Immutable. */
public sealed interface Secret {

  /** What somebody remembers. */
  static Secret passphrase(String text) {
    return new Passphrase(text);
  }

  /** A line that begins with {@code varve-key-1}. */
  static Secret keyFile(String line) {
    return new KeyFileLine(line);
  }

  /** See {@link #passphrase}. */
  record Passphrase(String text) implements Secret {}

  /** See {@link #keyFile}. */
  record KeyFileLine(String line) implements Secret {

    byte[] bytes() {
      String text = line.strip().toLowerCase(Locale.ROOT);
      require(text.startsWith("varve-key-1"), "It is no key file");
      byte[] all = HexFormat.of().parseHex(text.substring(11).replaceAll("[\\s-]", ""));
      byte[] secret = Arrays.copyOf(all, 32);
      byte[] check = Primitives.sha256(Primitives.join("varve-key-1".getBytes(US_ASCII), secret));
      require(all.length == 34 && all[32] == check[0] && all[33] == check[1], "It is mistyped");
      return secret;
    }
  }
}
