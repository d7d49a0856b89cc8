package dev.varve.examples.cli;

import dev.varve.key.KeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Runs every command once on a small tree in a temporary directory, and begins what databases with
 * servers need, so that the classes are loaded; {@code ./varve} keeps those in an archive to start
 * from. Used by one thread.
 */
public final class Rehearsal {

  private static final int FILES = 50;
  private static final int LARGE_FILE_BYTES = 12 << 20;

  private final Path directory;
  private final PrintStream err;

  private Rehearsal(Path directory, PrintStream err) {
    this.directory = directory;
    this.err = err;
  }

  /** Rehearses, and ends the process with the worst exit code there was. */
  public static void main(String... arguments) {
    Warming.begin("backup");
    Surroundings surroundings = Surroundings.ofProcess();
    Cancellation.exitAfter(() -> run(surroundings.err()), surroundings.prompt());
  }

  /** Rehearses, writing errors to {@code err}, and returns the worst exit code there was. */
  static int run(PrintStream err) {
    try {
      Path directory = Files.createTempDirectory("varve-rehearsal");
      try {
        return new Rehearsal(directory, err).all();
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int all() throws IOException {
    Path tree = directory.resolve("tree");
    makeTree(tree);
    Path keyFile = directory.resolve("key");
    KeyFile.generate().save(keyFile);
    Map<String, String> byPassphrase =
        Map.of(
            "VARVE_REPO", directory.resolve("one").toString(),
            "VARVE_PASSPHRASE", "rehearsal",
            "XDG_CACHE_HOME", directory.resolve("cache").toString(),
            "XDG_STATE_HOME", directory.resolve("state").toString());
    Map<String, String> byKeyFile =
        Map.of(
            "VARVE_REPO", directory.resolve("other").toString(),
            "VARVE_KEY_FILE", keyFile.toString(),
            "XDG_CACHE_HOME", directory.resolve("cache").toString(),
            "XDG_STATE_HOME", directory.resolve("state").toString());
    int first = commands(byPassphrase, tree, List.of());
    int second = commands(byKeyFile, tree, List.of("--json"));
    databases(byKeyFile);
    return Math.max(first, second);
  }

  private int commands(Map<String, String> environment, Path tree, List<String> common)
      throws IOException {
    String restored = environment.get("VARVE_REPO") + "-restored";
    String path = PathArgument.parse(tree.toString()).toString();
    int worst = ExitCode.DONE;
    for (List<String> command :
        List.of(
            List.of("backup", "--init", "--exclude", "*.tmp", tree.toString()),
            List.of("backup", "--tag", "number=2", tree.toString()),
            List.of("backup", "--quiet", tree.toString()),
            List.of("snapshots"),
            List.of("ls", "latest", "--long"),
            List.of("find", "*7"),
            List.of("diff", "latest", "latest"),
            List.of("restore", "latest", "--target", restored),
            List.of("restore", "latest", path + "/file7", "--target", restored + "7", "--verify"),
            List.of("export", "latest", "--output", restored + ".tar.zst"),
            List.of("import", restored + ".tar.zst", "--dry-run"),
            List.of("forget", "--keep-daily", "7", "--keep-rule", "1w:1m", "--dry-run"),
            List.of("pin", "latest"),
            List.of("unpin", "latest"),
            List.of("tag", "latest", "--add", "seen=yes"),
            List.of("undelete"),
            List.of("locks"),
            List.of("check", "--level", "data"),
            List.of("stats"),
            List.of("key", "list"),
            List.of("version"),
            List.of("--help"))) {
      worst = Math.max(worst, run(environment, Stream.concat(common.stream(), command.stream())));
    }
    return Math.max(worst, run(environment, Stream.of("dump", "latest", path + "/file7")));
  }

  /** Goes as far as one comes without a server: nobody answers, which is said to nobody. */
  private void databases(Map<String, String> environment) throws IOException {
    DriverClasses.load();
    PrintStream nobody = new PrintStream(OutputStream.nullOutputStream());
    for (String url : DriverClasses.deadUrls()) {
      run(environment, Stream.of("backup", url, "--option", "user=nobody"), nobody);
      run(environment, Stream.of("restore", "latest", "--to", url), nobody);
    }
  }

  private int run(Map<String, String> environment, Stream<String> arguments) {
    return run(environment, arguments, err);
  }

  private static int run(
      Map<String, String> environment, Stream<String> arguments, PrintStream messages) {
    return Main.run(
        new Surroundings(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            messages,
            environment,
            OptionalInt.of(80),
            Optional.empty(),
            false),
        arguments.toArray(String[]::new));
  }

  private static void makeTree(Path tree) throws IOException {
    Files.createDirectories(tree.resolve("below"));
    Random random = new Random(1);
    for (int i = 0; i < FILES; i++) {
      String line = "line " + random.nextInt() + "\n";
      Files.writeString(
          tree.resolve("file" + i), line.repeat(1 << i % 13), StandardCharsets.US_ASCII);
    }
    byte[] large = new byte[LARGE_FILE_BYTES];
    random.nextBytes(large);
    Files.write(tree.resolve("below/large"), large);
    Files.createSymbolicLink(tree.resolve("below/link"), Path.of("large"));
    Files.createLink(tree.resolve("below/same"), tree.resolve("file1"));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
