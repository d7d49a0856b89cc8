package dev.varve.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts further JVMs on the tests' own class path. */
final class Child {

  private Child() {}

  /** A JVM that runs {@code main} with these arguments; its errors go where this one's go. */
  static Process start(Class<?> main, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    return command(main.getName(), jvmOptions, arguments)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** As {@link #start(Class, List, List)}, with all that it says in a file. */
  static Process start(String main, List<String> jvmOptions, List<String> arguments, Path said)
      throws IOException {
    return command(main, jvmOptions, arguments)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private static ProcessBuilder command(
      String main, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    // What surefire puts on the class path is a jar that refers to all others.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
