package dev.varve.source.files;

import dev.varve.EntryPath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Turns names of the file system into their bytes and back, whatever the locale of the JVM. Safe
 * for use by many threads.
 *
 * <p>A Unix path holds bytes, but its string is decoded by the locale's charset, which loses what
 * does not fit; only its URI keeps every byte. So what the string keeps goes by the string, which
 * is quick, and the rest by the URI.
 */
final class RawNames {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final Path ROOT = Path.of("/");

  /** Whether strings of paths are decoded as UTF-8. */
  private static final boolean UTF_8 =
      "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", ""));

  private RawNames() {}

  /** The bytes of the last step of a path. */
  static byte[] lastStep(Path path) {
    Path name = path.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("A root has no name: " + path);
    }
    String text = name.toString();
    return isKept(text) ? EntryPath.of(text).bytes() : withoutSlashes(uriBytes(ROOT.resolve(name)));
  }

  /** The bytes of an absolute path without its leading slash; none for the root itself. */
  static byte[] withoutRoot(Path absolute) {
    byte[] joined = {};
    Path root = absolute.getRoot();
    if (!UNIX && root != null) {
      joined = EntryPath.of(root.toString().replaceAll("[:/\\\\]+", "") + "/").bytes();
    }
    for (Path step : absolute) {
      byte[] name = lastStep(step);
      int start = joined.length == 0 || joined[joined.length - 1] == '/' ? 0 : 1;
      byte[] longer = Arrays.copyOf(joined, joined.length + start + name.length);
      if (start == 1) {
        longer[joined.length] = '/';
      }
      System.arraycopy(name, 0, longer, joined.length + start, name.length);
      joined = longer;
    }
    return joined;
  }

  /** The bytes of an absolute path as the system takes it. */
  static byte[] absolute(Path absolute) {
    String text = absolute.toString();
    if (isKept(text)) {
      return EntryPath.of(text).bytes();
    }
    // Without the slash that the URI of a directory ends in: it would follow a link.
    byte[] steps = withoutSlashes(uriBytes(absolute));
    byte[] bytes = new byte[steps.length + 1];
    bytes[0] = '/';
    System.arraycopy(steps, 0, bytes, 1, steps.length);
    return bytes;
  }

  /** What a symbolic link holds, exactly. */
  static byte[] linkTarget(Path target) {
    String text = target.toString();
    if (isKept(text)) {
      return EntryPath.of(text).bytes();
    }
    byte[] bytes = uriBytes(ROOT.resolve(target));
    int start = target.isAbsolute() ? 0 : 1;
    // The URI of what happens to be a directory ends in a slash, whether the link does or not.
    boolean added = bytes[bytes.length - 1] == '/' && !text.endsWith("/");
    return Arrays.copyOfRange(bytes, start, added ? bytes.length - 1 : bytes.length);
  }

  /**
   * The path of one step.
   *
   * @throws InvalidPathException if this platform cannot name it
   */
  static Path step(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    if (isText(name, text)) {
      return Path.of(text);
    }
    Path path = fromUri(name).getFileName();
    if (path == null) {
      throw new InvalidPathException(text, "no name");
    }
    return path;
  }

  /**
   * The absolute path with these bytes after its leading slash.
   *
   * @throws InvalidPathException if this platform cannot name it
   */
  static Path path(byte[] withoutRoot) {
    String text = new String(withoutRoot, StandardCharsets.UTF_8);
    if (!UNIX) {
      int drive = text.indexOf('/');
      return Path.of(
          drive < 0 ? text + ":/" : text.substring(0, drive) + ":" + text.substring(drive));
    }
    return isText(withoutRoot, text) ? Path.of("/" + text) : fromUri(withoutRoot);
  }

  /**
   * A path for what a symbolic link is to hold. The JDK takes repeated and trailing slashes out, so
   * compare {@link #linkTarget} of it.
   *
   * @throws InvalidPathException if this platform cannot name it
   */
  static Path linkPath(byte[] target) {
    String text = new String(target, StandardCharsets.UTF_8);
    if (isText(target, text)) {
      return Path.of(text);
    }
    Path absolute = fromUri(target);
    return target[0] == '/' ? absolute : absolute.subpath(0, absolute.getNameCount());
  }

  /** Whether the string of a path has all that its bytes have. */
  private static boolean isKept(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 && UNIX && (!UTF_8 || c == '\ufffd')) {
        return false;
      }
    }
    return true;
  }

  /** Whether a path made of {@code text}, which is decoded from {@code bytes}, has those bytes. */
  private static boolean isText(byte[] bytes, String text) {
    return !UNIX
        || isAscii(bytes)
        || (UTF_8 && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes));
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static Path fromUri(byte[] withoutRoot) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte b : withoutRoot) {
      if (b == '/' || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z')) {
        uri.append((char) b);
      } else {
        uri.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static byte[] uriBytes(Path absolute) {
    String raw = absolute.toUri().getRawPath();
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) Integer.parseInt(raw, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] withoutSlashes(byte[] bytes) {
    int start = 0;
    int end = bytes.length;
    while (bytes[start] == '/') {
      start++;
    }
    while (bytes[end - 1] == '/') {
      end--;
    }
    return Arrays.copyOfRange(bytes, start, end);
  }
}
