package dev.varve.examples.cli;

import java.io.Console;
import java.util.Optional;

/** Asks by the JDK's console, which turns the echo on again by itself when the process ends. */
final class ConsolePrompt implements Prompt {

  private final Console console;
  private volatile boolean asking;

  ConsolePrompt(Console console) {
    this.console = console;
  }

  @Override
  public Optional<char[]> secret(String question) {
    asking = true;
    try {
      return Optional.ofNullable(console.readPassword("%s", question));
    } finally {
      asking = false;
    }
  }

  @Override
  public boolean confirmed(String question) {
    asking = true;
    try {
      String answer = console.readLine("%s [y/N] ", question);
      return answer != null && answer.strip().matches("(?i)y|yes");
    } finally {
      asking = false;
    }
  }

  @Override
  public boolean asking() {
    return asking;
  }
}
