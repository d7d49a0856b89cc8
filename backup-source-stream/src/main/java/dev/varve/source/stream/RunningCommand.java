package dev.varve.source.stream;

import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A command while it runs, one end of it in our hands: its output to read, or its input to write.
 * Used by one thread, except for closing.
 */
final class RunningCommand<C extends Channel> implements Closeable {

  private static final File NOTHING = new File(NamedPipe.POSSIBLE ? "/dev/null" : "NUL");

  private final Command command;
  private final Process process;
  private final C channel;

  /** What of its input the command has not read; so its end without reading shows. */
  private final InputStream unread;

  private final LastWords lastWords;
  private volatile boolean stopping;

  private RunningCommand(Command command, Process process, C channel, InputStream unread) {
    this.command = command;
    this.process = process;
    this.channel = channel;
    this.unread = unread;
    this.lastWords = LastWords.of(process.getErrorStream());
  }

  /** Starts a command whose output is read; it has nothing to read itself. */
  static RunningCommand<ReadableByteChannel> output(Command command) throws IOException {
    ProcessBuilder builder = command.builder().redirectInput(Redirect.from(NOTHING));
    if (!NamedPipe.POSSIBLE) {
      Process process = start(command, builder);
      return new RunningCommand<>(
          command,
          process,
          Channels.newChannel(process.getInputStream()),
          InputStream.nullInputStream());
    }
    try (NamedPipe pipe = NamedPipe.make()) {
      return started(
          command,
          builder.redirectOutput(pipe.file()),
          pipe.reader(),
          InputStream.nullInputStream());
    }
  }

  /**
   * Starts a command whose input is written.
   *
   * @param output where its output goes, {@link Redirect#PIPE} for {@link #process()}
   */
  static RunningCommand<WritableByteChannel> input(
      Command command, ProcessBuilder builder, Redirect output) throws IOException {
    builder.redirectOutput(output);
    if (!NamedPipe.POSSIBLE) {
      Process process = start(command, builder);
      return new RunningCommand<>(
          command,
          process,
          Channels.newChannel(process.getOutputStream()),
          InputStream.nullInputStream());
    }
    try (NamedPipe pipe = NamedPipe.make()) {
      RunningCommand<WritableByteChannel> running =
          started(
              command,
              builder.redirectInput(pipe.file()),
              pipe.writer(),
              new FileInputStream(pipe.file()));
      // The pipe still has a reader, ourselves, who does not read.
      CompletableFuture<Void> unused = running.process().onExit().thenRun(running::endWriting);
      return running;
    }
  }

  /** What to call the command in messages. */
  String name() {
    return command.toString();
  }

  /** Our end. */
  C channel() {
    return channel;
  }

  /** The process. */
  Process process() {
    return process;
  }

  /** Waits until the process has ended, and answers its exit code. */
  int exitCode() {
    CompletableFuture<Process> ended = process.onExit();
    return ended.join().exitValue();
  }

  /** How much of its input it has not read; it has ended. */
  int unreadBytes() throws IOException {
    return unread.available();
  }

  /** Says how the command ended, and what it said last. */
  String ending() {
    return "command '" + command + "' ended with " + reason(exitCode()) + lastWords.text();
  }

  /** Ends the command with all it started, if it still runs, and lets go of it. */
  @Override
  public void close() throws IOException {
    // First the processes: they must not take the end of their input for the end of the content.
    stopping = true;
    ProcessTree.stop(process);
    try (unread) {
      channel.close();
    }
  }

  /** Nobody reads any more: a write must not wait. */
  private void endWriting() {
    if (stopping) {
      return; // What it started may still read.
    }
    try {
      channel.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static <C extends Channel> RunningCommand<C> started(
      Command command, ProcessBuilder builder, C channel, InputStream unread) throws IOException {
    try {
      return new RunningCommand<>(command, start(command, builder), channel, unread);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      unread.close();
      throw failure;
    }
  }

  private static Process start(Command command, ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new IOException(
          "command '"
              + command
              + "' cannot be started; see to it that the program and the directory to run it in"
              + " are there: "
              + reason(failure),
          failure);
    }
  }

  /** The system's own words, without the arguments that the JDK may repeat. */
  private static String reason(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    int at = Math.max(message.lastIndexOf("error="), message.lastIndexOf("error: "));
    return at < 0 ? "it cannot be run" : message.substring(at);
  }

  private static String reason(int exitCode) {
    String code = "exit code " + exitCode;
    return switch (exitCode) {
      case 126 -> code + " (it may not be run)";
      case 127 -> code + " (it was not found)";
      default ->
          exitCode > 128 && exitCode < 128 + 65
              ? code + " (signal " + (exitCode - 128) + ")"
              : code;
    };
  }
}
