package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where below the target something belongs: steps that each are a plain name. Immutable. It is the
 * only way from an entry's path to the file system, so what it refuses is never touched.
 */
final class Place {

  /** The target itself. */
  static final Place TARGET = new Place(new byte[0]);

  private static final boolean WINDOWS = File.separatorChar == '\\';

  private static final String WINDOWS_CHARACTERS = "<>:\"|?*\\";

  private static final Set<String> WINDOWS_NAMES =
      Set.of(
          "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
          "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  /** Steps separated by slashes, none at the end. */
  private final byte[] bytes;

  private Place(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The place of an entry.
   *
   * @param strip how many leading steps are left out
   * @return nothing for a directory that is left out as a whole
   * @throws IOException if a file system cannot, or must not, hold that path
   */
  static Optional<Place> of(Entry entry, int strip) throws IOException {
    List<byte[]> steps = steps(entry);
    for (byte[] step : steps) {
      check(step);
    }
    if (steps.size() < strip || (steps.size() == strip && entry.kind() != EntryKind.DIRECTORY)) {
      if (entry.kind() == EntryKind.DIRECTORY) {
        return Optional.empty();
      }
      throw new IOException("nothing of its name is left without the first " + strip + " steps");
    }
    Place place = TARGET;
    for (byte[] step : steps.subList(strip, steps.size())) {
      place = place.child(step);
    }
    return Optional.of(place);
  }

  /** Whether this is the target itself. */
  boolean isTarget() {
    return bytes.length == 0;
  }

  /** The place one step up; not of the target. */
  Place parent() {
    return new Place(Arrays.copyOf(bytes, Math.max(0, lastSlash())));
  }

  /**
   * The last step as a path; not of the target.
   *
   * @throws IOException if this platform cannot name it
   */
  Path name() throws IOException {
    try {
      return RawNames.step(Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length));
    } catch (InvalidPathException unusable) {
      throw new IOException("its name cannot be used here: " + unusable.getReason(), unusable);
    }
  }

  /** All steps as paths, from the target to here. */
  List<Path> steps() throws IOException {
    List<Path> steps = new ArrayList<>();
    for (Place at = this; !at.isTarget(); at = at.parent()) {
      steps.add(0, at.name());
    }
    return steps;
  }

  /** The place of something directly below. */
  Place child(byte[] name) {
    int start = isTarget() ? 0 : bytes.length + 1;
    byte[] longer = Arrays.copyOf(bytes, start + name.length);
    if (start > 0) {
      longer[bytes.length] = '/';
    }
    System.arraycopy(name, 0, longer, start, name.length);
    return new Place(longer);
  }

  /** The same place with {@code ending} after its last step. */
  Place withEnding(String ending) {
    byte[] more = ending.getBytes(StandardCharsets.US_ASCII);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, longer, bytes.length, more.length);
    return new Place(longer);
  }

  /** The steps from the target to here, joined by slashes. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** The place that {@link #bytes()} were taken of. */
  static Place ofBytes(byte[] bytes) {
    return new Place(bytes.clone());
  }

  /** Whether {@code other} lies below this, at any depth. */
  boolean isAbove(Place other) {
    return isTarget()
        ? !other.isTarget()
        : other.bytes.length > bytes.length
            && other.bytes[bytes.length] == '/'
            && Arrays.equals(bytes, 0, bytes.length, other.bytes, 0, bytes.length);
  }

  /** The bytes that order it among others as the catalog does. */
  byte[] order(boolean directory) {
    byte[] order = Arrays.copyOf(bytes, directory ? bytes.length + 1 : bytes.length);
    if (directory) {
      order[bytes.length] = '/';
    }
    return order;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Place that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return isTarget() ? "." : EntryPath.textOf(bytes);
  }

  private int lastSlash() {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != '/') {
      at--;
    }
    return at;
  }

  private static List<byte[]> steps(Entry entry) {
    byte[] path = entry.path().bytes();
    int end = path.length;
    if (entry.kind() == EntryKind.DIRECTORY && path[end - 1] == '/') {
      end--;
    }
    List<byte[]> steps = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= end; i++) {
      if (i == end || path[i] == '/') {
        steps.add(Arrays.copyOfRange(path, start, i));
        start = i + 1;
      }
    }
    return steps;
  }

  private static void check(byte[] step) throws IOException {
    if (step.length == 0) {
      throw new IOException("a step of its path is empty, which no file can be called");
    }
    if (step[0] == '.' && (step.length == 1 || (step.length == 2 && step[1] == '.'))) {
      throw new IOException("a step of its path is '.' or '..', which would lead elsewhere");
    }
    if (WINDOWS) {
      checkForWindows(EntryPath.textOf(step));
    }
  }

  private static void checkForWindows(String step) throws IOException {
    char last = step.charAt(step.length() - 1);
    String stem = step.split("\\.", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (step.chars().anyMatch(c -> c < ' ' || WINDOWS_CHARACTERS.indexOf(c) >= 0)
        || last == '.'
        || last == ' '
        || WINDOWS_NAMES.contains(stem)) {
      throw new IOException("Windows has no such name as '" + step + "'");
    }
  }
}
