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

  private final List<String> names;

  Markers(List<String> names) {
    this.names = List.copyOf(names);
  }

  /** The file in {@code directory} that marks it, if there is one. */
  Optional<Path> find(Path directory) {
    for (String name : names) {
      Path marker = directory.resolve(name);
      if (Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)
          && (!name.equals("CACHEDIR.TAG") || isSigned(marker))) {
        return Optional.of(marker);
      }
    }
    return Optional.empty();
  }

  private static boolean isSigned(Path tag) {
    try (InputStream in = Files.newInputStream(tag, LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(in.readNBytes(CACHE_SIGNATURE.length), CACHE_SIGNATURE);
    } catch (IOException unreadable) {
      return false; // Then the directory is kept, and the tag reported when it is read.
    }
  }
}
