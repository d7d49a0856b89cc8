package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs programs of the system. */
final class Tools {

  private static final Map<String, Boolean> INSTALLED = new ConcurrentHashMap<>();

  private Tools() {}

  /** Whether there is a program of this name. */
  static boolean isInstalled(String tool) throws IOException, InterruptedException {
    Boolean known = INSTALLED.get(tool);
    if (known == null) {
      known = status("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; command -v " + tool) == 0;
      INSTALLED.put(tool, known);
    }
    return known;
  }

  /** Runs a program that must succeed, and returns what it said, a character for each byte. */
  static String run(String... command) throws IOException, InterruptedException {
    return runIn(Path.of("/"), command);
  }

  /** The same in a directory. */
  static String runIn(Path directory, String... command) throws IOException, InterruptedException {
    Process started = started(directory, command);
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertEquals(0, started.waitFor(), () -> String.join(" ", command) + ": " + said);
    return said;
  }

  /** Runs a program if it is installed, and returns whether it did what it was to do. */
  static boolean tried(String... command) throws IOException, InterruptedException {
    return isInstalled(command[0]) && status(command) == 0;
  }

  private static int status(String... command) throws IOException, InterruptedException {
    Process started = started(Path.of("/"), command);
    started.getInputStream().readAllBytes();
    return started.waitFor();
  }

  private static Process started(Path directory, String... command) throws IOException {
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    process.environment().put("LC_ALL", "C");
    return process.directory(directory.toFile()).start();
  }
}
