package dev.varve.examples.cli;

import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Asks the person at the terminal. Used by one thread, except for {@link #abandon()}. */
interface Prompt {

  /** Asks for a secret, not showing what is typed; empty if the person ends the input instead. */
  Optional<char[]> secret(String question);

  /** Asks a question that is answered by yes or no; anything but yes is no. */
  boolean confirmed(String question);

  /** Whether somebody is being asked right now. */
  default boolean asking() {
    return false;
  }

  /** Leaves the terminal as it was, because the process ends while somebody is asked. */
  default void abandon() {}

  /** The person at this process's terminal, even if input or output are redirected. */
  @SuppressWarnings("SystemConsoleNull") // It may be null before JDK 22; from there on we ask it.
  static Optional<Prompt> ofProcess() {
    Console console = System.console();
    if (console != null && isTerminal(console)) {
      return Optional.of(new ConsolePrompt(console));
    }
    Path terminal = Path.of("/dev/tty");
    return Files.isWritable(terminal) ? TerminalPrompt.open(terminal) : Optional.empty();
  }

  /**
   * Whether somebody sits there: since JDK 22 there may be a console without, but it can say so.
   */
  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException before) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The console does not say whether it is a terminal", e);
    }
  }
}
