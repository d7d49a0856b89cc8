package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.key.KeyFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Runs {@code varve} in this JVM and keeps what it says. Used by one thread. */
final class Shell {

  /** What one run said. */
  record Said(int exitCode, String out, String err) {

    /** These words, on the way to say why an assertion failed. */
    @Override
    public String toString() {
      return "exit code " + exitCode + "\n" + out + "\n" + err;
    }
  }

  private final Map<String, String> environment = new TreeMap<>();
  private final Deque<String> typed = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private boolean somebody;
  private byte[] input = {};

  /** A shell whose environment names no repository and no key. */
  static Shell bare() {
    return new Shell();
  }

  /** A shell that uses a repository below a directory, by a key file. */
  static Shell in(Path directory) {
    Path keyFile = directory.resolve("key");
    if (!keyFile.toFile().exists()) {
      KeyFile.generate().save(keyFile);
    }
    return bare()
        .with("VARVE_REPO", directory.resolve("repository").toString())
        .with("VARVE_KEY_FILE", keyFile.toString())
        .with("XDG_CACHE_HOME", directory.resolve("cache").toString())
        .with("XDG_STATE_HOME", directory.resolve("state").toString())
        .with("VARVE_HOST", "web-1");
  }

  /** Sets an environment variable. */
  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Removes an environment variable. */
  Shell without(String variable) {
    environment.remove(variable);
    return this;
  }

  /** Gives what the next commands read from their standard input. */
  Shell input(String text) {
    input = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Puts somebody at the terminal who answers with these, one after the other. */
  Shell typing(String... answers) {
    somebody = true;
    typed.addAll(List.of(answers));
    return this;
  }

  /** The environment variables. */
  Map<String, String> environment() {
    return environment;
  }

  /** What was asked at the terminal so far. */
  List<String> asked() {
    return asked;
  }

  /** Runs a command line. */
  Said run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            new Surroundings(
                new ByteArrayInputStream(input),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                OptionalInt.empty(),
                somebody ? Optional.of(new Person()) : Optional.empty(),
                somebody),
            arguments);
    return new Said(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command line that must do what it says, and returns what it answered. */
  String done(String... arguments) {
    Said said = run(arguments);
    assertEquals(ExitCode.DONE, said.exitCode(), said::toString);
    return said.out();
  }

  /** Answers from the list; ends the input when there is none left. */
  private final class Person implements Prompt {

    @Override
    public Optional<char[]> secret(String question) {
      asked.add(question);
      return Optional.ofNullable(typed.poll()).map(String::toCharArray);
    }

    @Override
    public boolean confirmed(String question) {
      asked.add(question);
      return "yes".equals(typed.poll());
    }
  }
}
