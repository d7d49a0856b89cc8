package dev.varve.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The server's side of {@link ServerJvm}: a directory to work in, and a life that ends with the
 * caller's. Used by the thread that starts the server.
 */
public final class ServedNode {

  private static final String URL_FILE = "url";

  private final Path directory;

  private ServedNode(Path directory) {
    this.directory = directory;
  }

  /**
   * Ends this JVM, and the directory named first in {@code arguments}, when standard input ends:
   * when the caller is gone, however it went.
   */
  public static ServedNode leashed(String... arguments) {
    ServedNode node = new ServedNode(Path.of(arguments[0]));
    Thread leash = new Thread(node::endWithTheCaller, "leash");
    leash.setDaemon(true);
    leash.start();
    return node;
  }

  /** Where the server keeps its files; nobody else's. */
  public Path directory() {
    return directory;
  }

  /** What a node of a search cluster is told that is alone and serves tests at a free port. */
  public Map<String, String> searchSettings() {
    return Map.of(
        "path.home", directory.toString(),
        "cluster.name", "varve-test",
        "node.name", "node-1",
        "network.host", "127.0.0.1",
        "http.port", "0",
        "transport.port", "0",
        "discovery.type", "single-node",
        "cluster.routing.allocation.disk.threshold_enabled", "false",
        "action.destructive_requires_name", "false");
  }

  /** What the build has laid out for a server beside the classes of its program. */
  public static Path builtBeside(Class<?> program, String name) throws URISyntaxException {
    return Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI())
        .resolveSibling(name);
  }

  /** Tells the caller that the server answers at a port of this machine; never returns. */
  public void serveAt(int port) throws IOException, InterruptedException {
    Path written = Files.writeString(directory.resolve("url.new"), "http://127.0.0.1:" + port);
    Files.move(written, urlFile(directory), StandardCopyOption.ATOMIC_MOVE);
    // A server's own threads may all be daemons.
    Thread.currentThread().join();
  }

  static Path urlFile(Path directory) {
    return directory.resolve(URL_FILE);
  }

  private void endWithTheCaller() {
    int status = 0;
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; only the end counts.
      }
      deleteAll(directory);
    } catch (IOException | UncheckedIOException filesStay) {
      status = 2;
    }
    Runtime.getRuntime().halt(status);
  }

  private static void deleteAll(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
