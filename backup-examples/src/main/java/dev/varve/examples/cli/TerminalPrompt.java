package dev.varve.examples.cli;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Asks at the controlling terminal when input or output are redirected, where the JDK has no
 * console. Turns the echo off by {@code stty}.
 */
final class TerminalPrompt implements Prompt {

  private final Path terminal;
  private volatile boolean asking;
  private volatile boolean echoOff;

  private TerminalPrompt(Path terminal) {
    this.terminal = terminal;
  }

  /** The terminal, if this process has one: a daemon can see the name, but not open it. */
  static Optional<Prompt> open(Path terminal) {
    try {
      new FileInputStream(terminal.toFile()).close();
      return Optional.of(new TerminalPrompt(terminal));
    } catch (IOException noTerminal) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<char[]> secret(String question) {
    echo(false);
    try {
      return ask(question, true).map(String::toCharArray);
    } finally {
      echo(true);
    }
  }

  @Override
  public boolean confirmed(String question) {
    return ask(question + " [y/N] ", false).filter(a -> a.strip().matches("(?i)y|yes")).isPresent();
  }

  @Override
  public boolean asking() {
    return asking;
  }

  @Override
  public void abandon() {
    if (echoOff) {
      echo(true);
    }
  }

  private Optional<String> ask(String question, boolean unseen) {
    asking = true;
    try (FileInputStream in = new FileInputStream(terminal.toFile());
        PrintStream out =
            new PrintStream(
                new FileOutputStream(terminal.toFile()), true, StandardCharsets.UTF_8)) {
      out.print(question);
      out.flush();
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line = reader.readLine();
      if (unseen) {
        out.println();
      }
      return Optional.ofNullable(line);
    } catch (IOException e) {
      throw new FailureException("Cannot ask at the terminal " + terminal + ": " + e.getMessage());
    } finally {
      asking = false;
    }
  }

  private void echo(boolean on) {
    try {
      Process stty =
          new ProcessBuilder("stty", on ? "echo" : "-echo")
              .redirectInput(terminal.toFile())
              .redirectErrorStream(true)
              .start();
      if (stty.waitFor() != 0) {
        throw new IOException("stty failed");
      }
      echoOff = !on;
    } catch (IOException e) {
      throw new FailureException(
          "Cannot keep what is typed at "
              + terminal
              + " from being shown; give a passphrase file or a key file");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailureException("Interrupted while asking at the terminal " + terminal);
    }
  }
}
