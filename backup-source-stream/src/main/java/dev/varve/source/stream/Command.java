package dev.varve.source.stream;

import dev.varve.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program with its arguments, its working directory and its environment. Immutable: each setting
 * gives another command. Prints the program only: arguments and environment may hold secrets.
 *
 * <p>Unless told otherwise it runs where this JVM runs and sees the environment of this JVM without
 * {@code VARVE_PASSPHRASE}. Its arguments can be seen by everybody on the machine while it runs:
 * give secrets by the environment or by files.
 */
public final class Command {

  private static final boolean WINDOWS = File.separatorChar == '\\';

  /**
   * What is given a line as {@code $1}: a shell in which the failure of any part of a pipeline
   * counts, if there is one.
   */
  private static final String SHELL =
      "if (set -o pipefail) 2>/dev/null; then set -o pipefail; eval \"$1\"; "
          + "elif command -v bash >/dev/null; then exec bash -o pipefail -c \"$1\"; "
          + "else eval \"$1\"; fi";

  /** Commands need no key of the repository. */
  private static final Map<String, Optional<String>> UNSEEN =
      Map.of("VARVE_PASSPHRASE", Optional.empty());

  private static final Pattern ASSIGNMENT =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=[A-Za-z0-9_./:+-]*");
  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./+-]*[A-Za-z0-9_+-]");

  private final List<String> words;
  private final String program;
  private final Optional<Path> directory;

  /** What is different from the environment of this JVM; empty: not there. */
  private final Map<String, Optional<String>> environment;

  private Command(
      List<String> words,
      String program,
      Optional<Path> directory,
      Map<String, Optional<String>> environment) {
    this.words = List.copyOf(words);
    this.program = program;
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * A program, found as the system finds programs, and its arguments as they are: no shell reads
   * them.
   */
  public static Command of(String program, String... arguments) {
    return of(Stream.concat(Stream.of(program), Arrays.stream(arguments)).toList());
  }

  /**
   * A program and its arguments.
   *
   * @throws ConfigurationException if there is no program, or a word contains NUL
   */
  public static Command of(List<String> words) {
    if (words.isEmpty() || words.get(0).isEmpty()) {
      throw new ConfigurationException("A command is empty; name the program to run");
    }
    return new Command(checked(words), lastStep(words.get(0)), Optional.empty(), UNSEEN);
  }

  /**
   * A line for the shell: {@code /bin/sh}, on Windows {@code cmd.exe}. The failure of any part of a
   * pipeline is the failure of the line; where {@code /bin/sh} cannot do that and there is a {@code
   * bash}, that runs it. If there is neither, only the last part of a pipeline counts.
   *
   * @throws ConfigurationException if the line is blank or contains NUL
   */
  public static Command shell(String line) {
    if (line.isBlank()) {
      throw new ConfigurationException("A command is empty; give the line that a shell should run");
    }
    List<String> words =
        WINDOWS ? List.of("cmd.exe", "/c", line) : List.of("/bin/sh", "-c", SHELL, "sh", line);
    return new Command(checked(words), programOf(line), Optional.empty(), UNSEEN);
  }

  /** This command run in {@code directory}. */
  public Command directory(Path directory) {
    return new Command(words, program, Optional.of(directory), environment);
  }

  /** This command seeing {@code value} under this name in its environment. */
  public Command environment(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new ConfigurationException("'" + name + "' cannot be a name in an environment");
    }
    checked(List.of(name, value));
    return changed(name, Optional.of(value));
  }

  /** This command seeing nothing under this name in its environment. */
  public Command withoutEnvironment(String name) {
    return changed(name, Optional.empty());
  }

  /** What the program is called, without the directory it is in. */
  public String program() {
    return program;
  }

  /** Like {@link #program()}. */
  @Override
  public String toString() {
    return program;
  }

  /**
   * Says whether there is anything to run, without running it.
   *
   * @throws IOException if the program or the directory is not there, saying which
   */
  void check() throws IOException {
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      throw new NotDirectoryException(
          directory.get() + ", where command '" + program + "' is to run; name another directory");
    }
    String word = words.get(0);
    if (!WINDOWS && word.indexOf('/') < 0 && !isOnPath(word)) {
      throw new NoSuchFileException(
          word, null, "no directory of PATH has this program; install it or give its whole path");
    }
  }

  private static boolean isOnPath(String word) {
    // The JDK looks there too, not in the PATH that the command will see.
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
    return Arrays.stream(path.split(":"))
        .anyMatch(step -> Files.isExecutable(Path.of(step.isEmpty() ? "." : step, word)));
  }

  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words);
    directory.ifPresent(path -> builder.directory(path.toFile()));
    changeEnvironment(builder.environment());
    return builder;
  }

  /** Makes of this JVM's environment what the command sees. */
  void changeEnvironment(Map<String, String> inherited) {
    environment.forEach(
        (name, value) -> {
          inherited.remove(name);
          value.ifPresent(present -> inherited.put(name, present));
        });
  }

  private Command changed(String name, Optional<String> value) {
    Map<String, Optional<String>> changed = new LinkedHashMap<>(environment);
    changed.put(name, value);
    return new Command(words, program, directory, changed);
  }

  private static List<String> checked(List<String> words) {
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new ConfigurationException("A command cannot contain NUL");
    }
    return words;
  }

  private static String lastStep(String path) {
    String step = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    return step.isEmpty() ? "command" : step;
  }

  /** The first word of a line if it surely is a program; what follows may be secret. */
  private static String programOf(String line) {
    Predicate<String> assignment = word -> ASSIGNMENT.matcher(word).matches();
    return Arrays.stream(line.strip().split("\\s+"))
        .dropWhile(assignment)
        .findFirst()
        .filter(word -> PLAIN_WORD.matcher(word).matches())
        .map(Command::lastStep)
        .orElse("command");
  }
}
