package dev.varve.source.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A file that gets its name when it is whole and durable, and vanishes otherwise. Used by one
 * thread.
 */
final class NewFile implements Closeable {

  private final Path name;
  private final Path temporary;
  private final FileChannel channel;

  private NewFile(Path name, Path temporary, FileChannel channel) {
    this.name = name;
    this.temporary = temporary;
    this.channel = channel;
  }

  static NewFile beside(Path file) throws IOException {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    Path temporary =
        file.resolveSibling(
            "." + file.getFileName() + ".varve-" + HexFormat.of().formatHex(random) + ".tmp");
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new NewFile(file, temporary, channel);
  }

  /** Where it is written to; may be closed before it is published. */
  FileChannel channel() {
    return channel;
  }

  void publish(boolean overwriting) throws IOException {
    try (FileChannel whole = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      whole.force(true);
    }
    if (overwriting) {
      Files.move(
          temporary, name, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      Files.createLink(name, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      Files.move(temporary, name);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
