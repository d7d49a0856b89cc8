package dev.varve.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The items of a store that is a directory: an item's key is its path below it. */
record StoredItems(Path directory) {

  byte[] read(String key) {
    try {
      return Files.readAllBytes(directory.resolve(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When an item was created, by the store's clock, in milliseconds since 1970. */
  long millis(String key) {
    try {
      return Files.getLastModifiedTime(directory.resolve(key)).toInstant().toEpochMilli();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys that match a pattern, ascending. */
  List<String> keys(String pattern) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.matches(pattern))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
