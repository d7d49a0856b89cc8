package dev.varve.source.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the files that say: leave this directory out. Immutable. */
final class Markers {

  /** From the cache directory tagging specification, which asks for exactly this beginning. */
  private static final byte[] CACHE_SIGNATURE =
      "Signature: 8a477f597d28d172789f06886806bc55".getBytes(StandardCharsets.US_ASCII);

  private final List<Marker> markers;

  /**
   * A file that marks its directory.
   *
   * @param name what it is called
   * @param header what it must begin with; empty: anything
   */
  record Marker(String name, byte[] header) {

    static Marker ofCaches() {
      return new Marker("CACHEDIR.TAG", CACHE_SIGNATURE);
    }
  }

  Markers(List<Marker> markers) {
    this.markers = List.copyOf(markers);
  }

  /** The file in {@code directory} that marks it, if there is one. */
  Optional<Path> find(Path directory) {
    for (Marker marker : markers) {
      Path file = directory.resolve(marker.name());
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && (marker.header().length == 0 || begins(file, marker.header()))) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean begins(Path file, byte[] header) {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(in.readNBytes(header.length), header);
    } catch (IOException unreadable) {
      return false; // Then the directory is kept, and the file reported when it is read.
    }
  }
}
