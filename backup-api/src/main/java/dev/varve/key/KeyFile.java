package dev.varve.key;

import dev.varve.ConfigurationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * 256 random bits as one line of text, kept in a file or printed on paper as a recovery key. The
 * line ends in a checksum, so that a typing error is told from a wrong key. Immutable.
 */
public final class KeyFile implements Key {

  private static final String HEADER = "varve-key-1";
  private static final int SECRET_BYTES = 32;
  private static final int CHECK_BYTES = 2;
  private static final int GROUP_DIGITS = 4;

  private final byte[] secret;

  private KeyFile(byte[] secret) {
    this.secret = secret;
  }

  /** A new key. */
  public static KeyFile generate() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new KeyFile(secret);
  }

  /**
   * Reads the key in a file.
   *
   * @throws ConfigurationException if it cannot be read or holds no key
   */
  public static KeyFile load(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new ConfigurationException("The key file " + file + " cannot be read: " + why(e), e);
    }
  }

  /**
   * Reads a key as {@link #text()} prints it; white space, hyphens between digits and letter case
   * do not matter.
   *
   * @throws ConfigurationException if it is none, or was mistyped
   */
  public static KeyFile parse(String text) {
    String line = text.strip().toLowerCase(Locale.ROOT);
    if (!line.startsWith(HEADER)) {
      throw new ConfigurationException("A key begins with " + HEADER + "; this does not");
    }
    String digits = line.substring(HEADER.length()).replaceAll("[\\s-]", "");
    if (!digits.matches("[0-9a-f]{" + 2 * (SECRET_BYTES + CHECK_BYTES) + "}")) {
      throw new ConfigurationException(
          "A key has " + 2 * (SECRET_BYTES + CHECK_BYTES) + " hexadecimal digits; this has others");
    }
    byte[] all = HexFormat.of().parseHex(digits);
    byte[] secret = Arrays.copyOf(all, SECRET_BYTES);
    if (!Arrays.equals(check(secret), Arrays.copyOfRange(all, SECRET_BYTES, all.length))) {
      throw new ConfigurationException("The key's checksum is wrong; look for a typing error");
    }
    return new KeyFile(secret);
  }

  /** The key as a line of text, which is a secret: to be printed or written to a safe place. */
  public String text() {
    HexFormat hex = HexFormat.of();
    String digits = hex.formatHex(secret) + hex.formatHex(check(secret));
    StringBuilder out = new StringBuilder(HEADER);
    for (int i = 0; i < digits.length(); i += GROUP_DIGITS) {
      out.append(i == 0 ? ' ' : '-').append(digits, i, i + GROUP_DIGITS);
    }
    return out.toString();
  }

  /**
   * Writes the key to a new file that only its owner may read, where the file system knows owners,
   * and forces it to the disk. A file that cannot be written whole is not left behind.
   *
   * @throws ConfigurationException if there is a file of that name, or it cannot be written
   */
  public void save(Path file) {
    FileAttribute<?>[] permissions =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
      writeWhole(channel, file);
    } catch (FileAlreadyExistsException e) {
      throw new ConfigurationException(
          "The key file " + file + " exists; a key is never overwritten, choose another name", e);
    } catch (IOException e) {
      throw new ConfigurationException("The key file " + file + " cannot be written: " + why(e), e);
    }
  }

  private void writeWhole(FileChannel channel, Path file) throws IOException {
    ByteBuffer line = ByteBuffer.wrap((text() + "\n").getBytes(StandardCharsets.US_ASCII));
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(true);
    } catch (IOException e) {
      try {
        Files.delete(file);
      } catch (IOException kept) {
        e.addSuppressed(kept);
      }
      throw e;
    }
  }

  /** Hands the 32 secret bytes to {@code use} and wipes that copy afterwards. */
  public <T> T use(Function<byte[], T> use) {
    byte[] copy = secret.clone();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** Why a file with a secret cannot be had; the JDK often leaves that to the class of failure. */
  static String why(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    return String.valueOf(failure.getMessage());
  }

  @Override
  public String toString() {
    return "key file";
  }

  private static byte[] check(byte[] secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(HEADER.getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(digest.digest(secret), CHECK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
