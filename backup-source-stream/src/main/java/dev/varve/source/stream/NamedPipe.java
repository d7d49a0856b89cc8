package dev.varve.source.stream;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A pipe between this process and another, with a name while both open it. Used by one thread.
 *
 * <p>The JDK's own pipes do not do: when a process ends it empties and closes them, so that what
 * others write who got them from it is lost without a trace; and a blocked read of one cannot be
 * broken off. A channel of this one ends when the last writer has closed it, and closing it ends a
 * blocked read or write.
 */
final class NamedPipe implements Closeable {

  /** Whether this system has such pipes. */
  static final boolean POSSIBLE = File.separatorChar == '/';

  private final Path directory;
  private final Path path;

  /** Open at both ends, so that opening an end never waits for the other. */
  private final FileChannel both;

  private NamedPipe(Path directory, Path path, FileChannel both) {
    this.directory = directory;
    this.path = path;
    this.both = both;
  }

  /** Makes one that nobody else can open. */
  static NamedPipe make() throws IOException {
    Path directory = Files.createTempDirectory("varve-pipe-");
    Path path = directory.resolve("pipe");
    try {
      run("mkfifo", "-m", "600", path.toString());
      FileChannel both =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      return new NamedPipe(directory, path, both);
    } catch (IOException failure) {
      delete(directory, path);
      throw failure;
    }
  }

  /** For a process to be started. */
  File file() {
    return path.toFile();
  }

  /** The end to read from, which ends when all others have closed theirs and this is closed. */
  FileChannel reader() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  /** The end to write to. */
  FileChannel writer() throws IOException {
    return FileChannel.open(path, StandardOpenOption.WRITE);
  }

  /** Takes the name away; ends that are open stay. */
  @Override
  public void close() throws IOException {
    try (both) {
      delete(directory, path);
    }
  }

  private static void delete(Path directory, Path path) throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(directory);
  }

  private static void run(String... words) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException failure) {
      throw new IOException(
          "Cannot make a pipe for a command: this system has no " + words[0] + "; install it",
          failure);
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(
          "Cannot make a pipe for a command; see to it that the directory for temporary files can"
              + " be written: "
              + said.strip());
    }
  }
}
