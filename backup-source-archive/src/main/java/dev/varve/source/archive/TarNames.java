package dev.varve.source.archive;

import dev.varve.EntryPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns paths of entries into names that are safe to unpack, and back. Stateless. */
final class TarNames {

  private static final byte[] ODD = "varve-odd-names/".getBytes(StandardCharsets.US_ASCII);

  private TarNames() {}

  /**
   * A name for {@code path} that no program unpacks outside its directory: that of a directory ends
   * in a slash, any other does not. What is no such name stands below {@code varve-odd-names/}.
   */
  static byte[] nameOf(EntryPath path, boolean directory) {
    byte[] bytes = path.bytes();
    if (directory && !path.endsWithSlash()) {
      bytes = Arrays.copyOf(bytes, bytes.length + 1);
      bytes[bytes.length - 1] = '/';
    }
    List<byte[]> steps = steps(bytes);
    int named = directory ? steps.size() - 1 : steps.size();
    if (named > 0 && steps.subList(0, named).stream().noneMatch(TarNames::isOdd)) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ODD);
    for (int i = 0; i < named; i++) {
      if (i > 0) {
        out.write('/');
      }
      if (isOdd(steps.get(i))) {
        out.write('%');
      }
      out.writeBytes(steps.get(i));
    }
    if (directory) {
      out.write('/');
    }
    return out.toByteArray();
  }

  /**
   * The path that a name in an archive stands for; empty for the archive's top itself.
   *
   * @throws IOException if it leads outside, which is refused
   */
  static Optional<EntryPath> pathOf(byte[] name, boolean directory) throws IOException {
    List<byte[]> steps = steps(name);
    if (name.length > 0 && name[0] == '/') {
      throw refused(name, "is absolute; make the archive with relative names");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] step : steps) {
      if (step.length == 2 && step[0] == '.' && step[1] == '.') {
        throw refused(name, "leads out of it by '..'");
      }
      if (step.length == 0 || (step.length == 1 && step[0] == '.')) {
        continue;
      }
      if (out.size() > 0) {
        out.write('/');
      }
      out.writeBytes(step);
    }
    if (out.size() == 0) {
      return Optional.empty();
    }
    if (directory) {
      out.write('/');
    }
    try {
      return Optional.of(EntryPath.ofBytes(out.toByteArray()));
    } catch (IllegalArgumentException e) {
      throw refused(name, "is no name of an entry: " + e.getMessage());
    }
  }

  static String shown(byte[] name) {
    String text = new String(name, 0, Math.min(name.length, 256), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static IOException refused(byte[] name, String why) {
    return new IOException("The archive is refused: a name in it, '" + shown(name) + "', " + why);
  }

  private static boolean isOdd(byte[] step) {
    return step.length == 0
        || Arrays.equals(step, new byte[] {'.'})
        || Arrays.equals(step, new byte[] {'.', '.'});
  }

  private static List<byte[]> steps(byte[] name) {
    List<byte[]> steps = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= name.length; i++) {
      if (i == name.length || name[i] == '/') {
        steps.add(Arrays.copyOfRange(name, start, i));
        start = i + 1;
      }
    }
    return steps;
  }
}
