package dev.varve.examples.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a command line runs in: streams, environment, terminal. Used by one thread. Never printed:
 * the environment may hold a passphrase.
 */
final class Surroundings {

  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final OptionalInt terminalColumns;
  private final Optional<Prompt> prompt;
  private final boolean interactive;

  /**
   * Surroundings of these parts.
   *
   * @param terminalColumns how wide the terminal is that {@code err} writes to, if it is one
   * @param prompt whom to ask, if there is somebody
   * @param interactive whether that person gave the command and reads the answer
   */
  Surroundings(
      InputStream in,
      OutputStream out,
      PrintStream err,
      Map<String, String> environment,
      OptionalInt terminalColumns,
      Optional<Prompt> prompt,
      boolean interactive) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.terminalColumns = terminalColumns;
    this.prompt = prompt;
    this.interactive = interactive;
  }

  /** The surroundings of this process; the terminal's width is told by {@code ./varve}. */
  static Surroundings ofProcess() {
    Optional<Prompt> prompt = Prompt.ofProcess();
    return new Surroundings(
        // Closing a channel, unlike closing a stream, ends a read that blocks.
        Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel()),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        columns(System.getProperty("varve.columns", "")),
        prompt,
        prompt.filter(ConsolePrompt.class::isInstance).isPresent());
  }

  /** What is given to read; closing it ends a read that blocks. */
  InputStream in() {
    return in;
  }

  /** Where results go; fails where they cannot be written, unlike a {@link PrintStream}. */
  OutputStream out() {
    return out;
  }

  /** Where everything else goes. */
  PrintStream err() {
    return err;
  }

  /** The value of an environment variable; empty counts as absent. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** How wide the terminal is that {@link #err()} writes to, if it is one. */
  OptionalInt terminalColumns() {
    return terminalColumns;
  }

  /** Whom to ask, if there is somebody. */
  Optional<Prompt> prompt() {
    return prompt;
  }

  /** Whether the person who gave the command agrees; a script that asks for something means it. */
  boolean confirmed(String question) {
    return !interactive || prompt.map(person -> person.confirmed(question)).orElse(true);
  }

  /** Whether errors are shown with everything that developers want. */
  boolean debugging() {
    return variable("VARVE_DEBUG").isPresent();
  }

  /** Zero or nothing: no terminal. A terminal that does not tell its width says 0 0. */
  private static OptionalInt columns(String property) {
    if (!property.matches("[0-9]{1,4}")) {
      return OptionalInt.empty();
    }
    int columns = Integer.parseInt(property);
    return OptionalInt.of(columns < 20 ? 80 : columns);
  }
}
