package dev.varve.key;

import dev.varve.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A secret that people can remember; made into a key by Argon2id. Fetched anew each time it is
 * needed. Safe for use by many threads.
 */
public final class Passphrase implements Key {

  /** Two chars make a surrogate pair, which is four bytes. */
  private static final int MAX_BYTES_PER_CHAR = 3;

  private final Supplier<? extends CharSequence> supplier;

  private Passphrase(Supplier<? extends CharSequence> supplier) {
    this.supplier = supplier;
  }

  /** A passphrase that is asked for when it is needed. */
  public static Passphrase from(Supplier<? extends CharSequence> supplier) {
    return new Passphrase(supplier);
  }

  /** A passphrase that is at hand; the array is copied. */
  public static Passphrase of(char[] passphrase) {
    CharBuffer copy = CharBuffer.wrap(passphrase.clone());
    return new Passphrase(() -> copy);
  }

  /** The value of an environment variable, read when it is needed. */
  public static Passphrase fromEnvironment(String variable) {
    return new Passphrase(
        () -> {
          String value = System.getenv(variable);
          if (value == null) {
            throw new ConfigurationException(
                "The environment variable "
                    + variable
                    + " is not set; it should hold a passphrase");
          }
          return value;
        });
  }

  /** The first line of a UTF-8 file, read when it is needed. */
  public static Passphrase fromFile(Path file) {
    return new Passphrase(
        () -> {
          try (var lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            return line == null ? "" : line;
          } catch (IOException e) {
            throw new ConfigurationException(
                "The passphrase file " + file + " cannot be read: " + KeyFile.why(e), e);
          }
        });
  }

  /**
   * Hands the passphrase to {@code use} as UTF-8 in normal form C, and wipes those bytes
   * afterwards.
   *
   * @throws ConfigurationException if it is empty or cannot be had
   */
  public <T> T use(Function<byte[], T> use) {
    CharSequence characters = supplier.get();
    if (characters.length() == 0) {
      throw new ConfigurationException("The passphrase is empty; give one with characters");
    }
    boolean ascii = characters.chars().allMatch(c -> c < 0x80);
    CharSequence normal =
        ascii ? characters : Normalizer.normalize(characters, Normalizer.Form.NFC);
    byte[] room = new byte[Math.multiplyExact(normal.length(), MAX_BYTES_PER_CHAR)];
    byte[] bytes = Arrays.copyOf(room, encode(normal, room));
    Arrays.fill(room, (byte) 0);
    try {
      return use.apply(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Encodes into our own array: a buffer that the encoder grew would leave a copy behind. */
  private static int encode(CharSequence characters, byte[] room) {
    ByteBuffer out = ByteBuffer.wrap(room);
    CharsetEncoder encoder =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    encoder.encode(CharBuffer.wrap(characters), out, true);
    encoder.flush(out);
    return out.position();
  }

  @Override
  public String toString() {
    return "passphrase";
  }
}
