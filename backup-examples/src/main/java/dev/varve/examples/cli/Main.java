package dev.varve.examples.cli;

import dev.varve.BackupException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The {@code varve} command line as a program. Used by one thread. What others write as lambdas
 * this class implements: at the very start the first of them costs 10 ms, and one of an interface
 * of picocli keeps that out of the archive of classes.
 */
public final class Main
    implements IntSupplier, IParameterExceptionHandler, IExecutionExceptionHandler {

  private final Surroundings surroundings;
  private final String[] arguments;

  private Main(Surroundings surroundings, String... arguments) {
    this.surroundings = surroundings;
    this.arguments = arguments.clone();
  }

  /** Does what the arguments say and ends the process with an exit code. */
  public static void main(String... arguments) {
    Warming.begin(arguments);
    Surroundings surroundings = Surroundings.ofProcess();
    if (surroundings.debugging()) {
      // Before anything makes a logger; stronger than simplelogger.properties.
      System.setProperty("org.slf4j.simpleLogger.log.dev.varve", "debug");
      System.setProperty("org.slf4j.simpleLogger.log.dev.varve.internal", "debug");
    }
    Cancellation.exitAfter(new Main(surroundings, arguments), surroundings.prompt());
  }

  /** Does what the arguments say and returns the exit code. */
  static int run(Surroundings surroundings, String... arguments) {
    return new Main(surroundings, arguments).getAsInt();
  }

  @Override
  public int getAsInt() {
    PrintStream err = surroundings.err();
    CommandLine line =
        Commands.line(new Varve(surroundings), arguments)
            .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(this)
            .setExecutionExceptionHandler(this);
    int exitCode;
    try {
      exitCode = line.execute(arguments);
      surroundings.out().flush();
    } catch (IOException | Error e) {
      exitCode = failed(e);
    }
    err.flush();
    return exitCode;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return failed(e);
  }

  @Override
  public int handleParseException(ParameterException e, String[] given) {
    PrintStream err = surroundings.err();
    err.println("varve: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, e.getCommandLine().getErr());
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println("Try '" + command + " --help'.");
    return ExitCode.WRONG_USAGE;
  }

  private int failed(Throwable e) {
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
