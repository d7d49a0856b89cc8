package dev.varve.source.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Another JVM that runs a class of the tests, by other rules than this one. Used by one thread. */
final class ChildJvm {

  private final Class<?> main;
  private final List<String> prefix = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private String classPath = System.getProperty("java.class.path");

  ChildJvm(Class<?> main) {
    this.main = main;
  }

  /** Starts it by another command. */
  ChildJvm by(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  /** Gives the JVM an option. */
  ChildJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Sets a variable; the locale's are unset otherwise. */
  ChildJvm with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Leaves out what is called {@code part} on the class path. */
  ChildJvm withoutJar(String part) {
    List<String> kept = new ArrayList<>();
    for (String one : classPath.split(":", -1)) {
      if (!Path.of(one).getFileName().toString().contains(part)) {
        kept.add(one);
      }
    }
    classPath = String.join(":", kept);
    return this;
  }

  /** Runs it and returns what it said, and that it failed if it did. */
  String run(Path... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= ForeignBinding.FIRST_JDK) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
    command.add(main.getName());
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    process.environment().putAll(environment);
    Process started = process.start();
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = started.waitFor();
    return status == 0 ? said : said + "failed with " + status;
  }
}
