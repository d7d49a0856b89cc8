package dev.varve.testservers;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server in a JVM of its own, whose class path and program a module of {@code test-servers} has
 * built. It ends when closed, or with this JVM. Safe for use by many threads.
 */
public final class ServerJvm implements Closeable {

  private static final long STARTS_WITHIN_SECONDS = 120;

  private final Process process;
  private final URI url;

  private ServerJvm(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts {@code program} and waits until it answers.
   *
   * @param module the directory of the module that has built it
   * @param heapMegabytes the largest heap
   * @throws IllegalStateException with what it wrote, if it does not answer
   */
  public static ServerJvm start(Path module, String program, int heapMegabytes)
      throws IOException, InterruptedException {
    Path target = module.resolve("target");
    Path directory = Files.createTempDirectory(target, "node");
    Path log = target.resolve(directory.getFileName() + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMegabytes + "m");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-cp");
    command.add(classPath(target));
    command.add(program);
    command.add(directory.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new ServerJvm(process, awaitUrl(process, directory, log));
  }

  /** Where it answers. */
  public URI url() {
    return url;
  }

  /** Ends it at once, as a power cut would. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static String classPath(Path target) throws IOException {
    return Files.readString(target.resolve("classpath"))
        + File.pathSeparator
        + target.resolve("classes");
  }

  private static URI awaitUrl(Process process, Path directory, Path log)
      throws IOException, InterruptedException {
    Path url = ServedNode.urlFile(directory);
    long begin = System.nanoTime();
    while (!Files.exists(url)) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
      if (ended || seconds > STARTS_WITHIN_SECONDS) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "No server in " + directory + " after " + seconds + " s:\n" + Files.readString(log));
      }
    }
    return URI.create(Files.readString(url));
  }
}
