package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.source.Content;
import dev.varve.source.SourceLostException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * What a command writes to its standard output. Its end is shown when the command has ended well;
 * if it ends in any other way, all that came before is worth nothing. Used by one thread, except
 * for closing.
 */
final class CommandContent implements Content {

  private final Entry entry;
  private final RunningCommand<ReadableByteChannel> command;
  private boolean ended;
  private volatile boolean closed;

  CommandContent(Entry entry, RunningCommand<ReadableByteChannel> command) {
    this.entry = entry;
    this.command = command;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count;
    try {
      count = ended && !closed ? -1 : command.channel().read(into);
    } catch (IOException failure) {
      checkOpen();
      throw new SourceLostException(
          "The output of command '"
              + command.name()
              + "' for "
              + entry.path()
              + " cannot be read; nothing of it is kept",
          failure);
    }
    if (count < 0 && !ended) {
      int exitCode = command.exitCode();
      checkOpen();
      if (exitCode != 0) {
        throw new SourceLostException(
            entry.path() + " is not complete, so nothing of it is kept: " + command.ending());
      }
      ended = true;
    }
    return count;
  }

  @Override
  public Entry finished() {
    return entry;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    command.close();
  }

  /** What was broken off has no end and did not fail by itself. */
  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("The command for " + entry.path() + " was stopped while it was read");
    }
  }
}
