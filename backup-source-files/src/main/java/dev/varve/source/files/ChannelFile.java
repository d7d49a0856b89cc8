package dev.varve.source.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file opened by the JDK. Used by one thread, except for closing. */
record ChannelFile(Path path, Stat before, FileChannel channel) implements OpenedFile {

  /**
   * Opens what {@code before} was seen of, which is no pipe: opening one would wait for a writer
   * for ever.
   */
  static ChannelFile open(Path path, Stat before) throws IOException {
    return new ChannelFile(
        path, before, FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public Stat look() throws IOException {
    return Stat.of(path);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
