package dev.varve.internal.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary directory for rows that are too many for memory. Made when the first row is spilled,
 * removed when this is closed. Safe for use by many threads. Rows hold ids and names, never
 * contents.
 */
public final class Scratch implements Closeable {

  private boolean made;
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

  /** Collects rows of one width and sorts them, spilling what goes beyond {@code memoryBytes}. */
  public SortedRows rows(int rowBytes, int memoryBytes) {
    return new SortedRows(this, rowBytes, memoryBytes);
  }

  synchronized Path file() throws IOException {
    if (!made) {
      directory = Files.createTempDirectory("varve-rows-");
      made = true;
    }
    return Files.createTempFile(directory, "rows", ".tmp");
  }

  @Override
  public synchronized void close() throws IOException {
    if (!made) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
    made = false;
  }
}
