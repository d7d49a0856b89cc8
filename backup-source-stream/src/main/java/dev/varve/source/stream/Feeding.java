package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Gives one content after the other to a command. Used by one thread. */
final class Feeding {

  private static final int PIECE_BYTES = 128 << 10;

  private final Command command;
  private final Optional<OutputStream> output;
  private final SnapshotContents contents;
  private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
  private final byte[] piece = new byte[PIECE_BYTES];
  private Optional<RunningCommand<WritableByteChannel>> running = Optional.empty();

  Feeding(
      Command command,
      Optional<OutputStream> output,
      SnapshotContents contents,
      TargetContext context) {
    this.command = command;
    this.output = output;
    this.contents = contents;
    context.onCancel(this::stop);
  }

  /** Starts the command and gives it all of a content. */
  void feed(Entry entry) throws IOException {
    try (InputStream content = contents.open(entry.path());
        RunningCommand<WritableByteChannel> fed = start(entry)) {
      Optional<Pump> pump = output.map(to -> Pump.start(fed.process().getInputStream(), to::write));
      long written = write(entry, content, fed);
      fed.channel().close();
      int exitCode = fed.exitCode();
      if (pump.isPresent()) {
        awaitOutput(pump.get());
      }
      boolean whole = written == entry.size() && fed.unreadBytes() == 0;
      if (exitCode != 0 || !whole) {
        throw new IOException((whole ? "" : "not all of it was read: ") + fed.ending());
      }
    } finally {
      letGo();
    }
  }

  private RunningCommand<WritableByteChannel> start(Entry entry) throws IOException {
    ProcessBuilder builder = command.builder();
    describe(entry, builder.environment());
    RunningCommand<WritableByteChannel> started =
        RunningCommand.input(
            command, builder, output.isPresent() ? Redirect.PIPE : Redirect.DISCARD);
    synchronized (this) {
      running = Optional.of(started);
    }
    if (stopped.isDone()) {
      started.close();
    }
    return started;
  }

  /** How much of the content the command took. */
  private long write(Entry entry, InputStream content, RunningCommand<WritableByteChannel> fed)
      throws IOException {
    long written = 0;
    for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
      ByteBuffer left = ByteBuffer.wrap(piece, 0, count);
      try {
        while (left.hasRemaining()) {
          written += fed.channel().write(left);
        }
      } catch (IOException endedEarly) {
        return written;
      }
    }
    if (written != entry.size()) {
      throw new IOException(
          "its content has " + written + " bytes, its entry says " + entry.size());
    }
    return written;
  }

  private void awaitOutput(Pump pump) throws IOException {
    try {
      CompletableFuture.anyOf(pump.ended(), stopped).join();
    } catch (CompletionException failure) {
      throw new IOException("what the command wrote cannot be written", failure.getCause());
    }
  }

  private void describe(Entry entry, Map<String, String> environment) {
    environment.put("VARVE_PATH", entry.path().toString());
    environment.put("VARVE_SIZE", Long.toString(entry.size()));
    environment.remove("VARVE_MODIFIED");
    entry.modified().ifPresent(time -> environment.put("VARVE_MODIFIED", time.toString()));
    environment.put("VARVE_SNAPSHOT", contents.snapshot().id().hex());
    environment.put("VARVE_SOURCE", contents.snapshot().source().toString());
  }

  /** Ends the command that runs, and any started later. */
  private void stop() {
    stopped.complete(true);
    Optional<RunningCommand<WritableByteChannel>> now;
    synchronized (this) {
      now = running;
    }
    try {
      if (now.isPresent()) {
        now.get().close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private synchronized void letGo() {
    running = Optional.empty();
  }
}
