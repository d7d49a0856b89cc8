package dev.varve.examples.cli;

import dev.varve.BackupException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code varve} command line as a program. Stateless. */
public final class Main {

  private Main() {}

  /** Does what the arguments say and ends the process with an exit code. */
  public static void main(String... arguments) {
    Warming.begin(arguments);
    Surroundings surroundings = Surroundings.ofProcess();
    if (surroundings.debugging()) {
      // Before anything makes a logger; stronger than simplelogger.properties.
      System.setProperty("org.slf4j.simpleLogger.log.dev.varve", "debug");
      System.setProperty("org.slf4j.simpleLogger.log.dev.varve.internal", "debug");
    }
    Cancellation.exitAfter(() -> run(surroundings, arguments), surroundings.prompt());
  }

  /** Does what the arguments say and returns the exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    PrintStream err = surroundings.err();
    CommandLine line =
        Commands.line(new Varve(surroundings), arguments)
            .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler((e, given) -> wrongUsage(surroundings, e))
            .setExecutionExceptionHandler((e, command, parsed) -> failed(surroundings, e));
    int exitCode;
    try {
      exitCode = line.execute(arguments);
      surroundings.out().flush();
    } catch (IOException | Error e) {
      exitCode = failed(surroundings, e);
    }
    err.flush();
    return exitCode;
  }

  private static int wrongUsage(Surroundings surroundings, ParameterException e) {
    PrintStream err = surroundings.err();
    err.println("varve: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, e.getCommandLine().getErr());
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println("Try '" + command + " --help'.");
    return ExitCode.WRONG_USAGE;
  }

  private static int failed(Surroundings surroundings, Throwable e) {
    if (surroundings.debugging()) {
      e.printStackTrace(surroundings.err());
    }
    if (e instanceof UsageException) {
      surroundings.err().println("varve: " + e.getMessage());
      return ExitCode.WRONG_USAGE;
    }
    String message = message(e);
    if (!message.isEmpty()) {
      surroundings.err().println("varve: " + message);
    }
    return ExitCode.FAILED;
  }

  /** What to say; nothing if whoever read the output has stopped reading. */
  private static String message(Throwable e) {
    if (e instanceof BackupException || e instanceof FailureException) {
      return String.valueOf(e.getMessage());
    }
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    if (cause instanceof IOException) {
      return String.valueOf(cause.getMessage()).contains("Broken pipe")
          ? ""
          : "Cannot write the answer: " + cause.getMessage();
    }
    return "Something unexpected happened: "
        + e
        + "; this is a mistake in varve, VARVE_DEBUG=1 shows where";
  }
}
