package dev.varve.searchtests;

import dev.varve.BackupReport;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import dev.varve.testservers.ServerJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * How fast a backup and a restore are beside a plain loop with the same client, in one run on one
 * node. Run by {@code bench/search}.
 */
final class SearchBenchmark {

  private static final String INDEX = "orders";
  private static final int LINES_AT_ONCE = 2000;
  private static final String[] NAMES = {
    "scroll to a file", "varve backup", "bulk from a file", "varve restore"
  };
  private static final String[] WORDS =
      ("the quick brown fox jumps over a lazy dog while seven wizards hex bad nymphs and send for"
              + " crates of fresh liquor jugs in boxes to an old warehouse by the river")
          .split(" ");

  private final Http http;
  private final Path directory;
  private final int documents;
  private final boolean restoring;
  private final PlainLoop plain;

  private SearchBenchmark(Http http, Path directory, int documents, boolean restoring) {
    this.http = http;
    this.directory = directory;
    this.documents = documents;
    this.restoring = restoring;
    this.plain = new PlainLoop(http.url(), INDEX);
  }

  /**
   * Takes the module of the node, how many documents, how many rounds, where to work, and whether
   * restores are measured.
   */
  public static void main(String... arguments) throws Exception {
    Node node = Node.own().filter(n -> n.toString().equals(arguments[0])).findFirst().orElseThrow();
    Path directory = Files.createTempDirectory(Path.of(arguments[3]), "varve-search");
    try (ServerJvm server = node.start()) {
      SearchBenchmark benchmark =
          new SearchBenchmark(
              new Http(server.url()),
              directory,
              Integer.parseInt(arguments[1]),
              Boolean.parseBoolean(arguments[4]));
      benchmark.run(node, Integer.parseInt(arguments[2]));
    }
  }

  private void run(Node node, int rounds) throws Exception {
    long bytes = fill();
    System.out.printf(
        Locale.ROOT,
        "%s, %d documents, %.1f MB of sources, %d processors, JDK %s%n",
        node,
        documents,
        bytes / 1e6,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature());
    Spent[][] spent = new Spent[NAMES.length][rounds];
    for (int round = -1; round < rounds; round++) {
      Spent[] once = round(round);
      for (int i = 0; round >= 0 && i < once.length; i++) {
        spent[i][round] = once[i];
      }
    }
    for (int i = 0; i < (restoring ? 4 : 2); i++) {
      print(NAMES[i], bytes, spent[i]);
    }
    System.out.printf(Locale.ROOT, "backup: %.2f of the plain loop's time%n", ratio(spent, 1));
    if (restoring) {
      System.out.printf(Locale.ROOT, "restore: %.2f of the plain loop's time%n", ratio(spent, 3));
    }
  }

  private void print(String name, long bytes, Spent[] rounds) {
    double seconds = median(rounds, Spent::seconds);
    System.out.printf(
        Locale.ROOT,
        "%-18s %8.2f s %10.0f documents/s %8.1f MB/s, processors: %.2f s here, %.2f s in the node%n",
        name,
        seconds,
        documents / seconds,
        bytes / seconds / 1e6,
        median(rounds, Spent::here),
        median(rounds, Spent::there));
  }

  private static double ratio(Spent[][] spent, int what) {
    return median(spent[what], Spent::seconds) / median(spent[what - 1], Spent::seconds);
  }

  private static double median(Spent[] rounds, ToDoubleFunction<Spent> what) {
    double[] all = Arrays.stream(rounds).mapToDouble(what).sorted().toArray();
    return all[all.length / 2];
  }

  /** One round in the order of names; the round before the first warms up and is told apart. */
  private Spent[] round(int round) throws Exception {
    Path file = directory.resolve("documents");
    Spent[] spent = new Spent[NAMES.length];
    Spent begin = Spent.now();
    long written = plain.scroll(file);
    spent[0] = begin.until(Spent.now());
    check(written);
    KeyFile key = KeyFile.generate();
    RepositoryOptions options = RepositoryOptions.builder().withoutCache().withoutState().build();
    Path place = directory.resolve("repository" + round);
    try (Repository repository = Repository.create(place.toString(), key, options)) {
      begin = Spent.now();
      BackupReport first = repository.backup(Searches.source(http.url(), INDEX).build());
      spent[1] = begin.until(Spent.now());
      if (round < 0) {
        secondNight(repository, first);
      }
      if (restoring) {
        restores(repository, first.snapshot(), file, spent);
      }
    }
    return spent;
  }

  private void restores(Repository repository, Snapshot snapshot, Path file, Spent[] spent)
      throws Exception {
    http.delete("/" + INDEX);
    Spent begin = Spent.now();
    create("-1");
    plain.bulk(file);
    http.put("/" + INDEX + "/_settings", "{\"index.refresh_interval\":null}");
    http.post("/" + INDEX + "/_refresh", "");
    spent[2] = begin.until(Spent.now());
    check(Json.number(http.get("/" + INDEX + "/_count"), "count"));
    http.delete("/" + INDEX);
    begin = Spent.now();
    RestoreReport report =
        repository.restore(snapshot, Searches.target(http.url(), Mode.REFUSE).build());
    spent[3] = begin.until(Spent.now());
    if (!report.complete()) {
      throw new IllegalStateException(report.toString());
    }
    check(Json.number(http.get("/" + INDEX + "/_count"), "count"));
  }

  /** Writes one document of a hundred anew, all beside each other, and backs up again. */
  private void secondNight(Repository repository, BackupReport first) {
    write(documents / 3, documents / 3 + documents / 100, new Random(7));
    http.post("/" + INDEX + "/_refresh", "");
    BackupReport second = repository.backup(Searches.source(http.url(), INDEX).build());
    System.out.printf(
        Locale.ROOT,
        "first night: %.1f MB stored of %.1f MB read%n"
            + "second night, 1 %% changed: %.1f %% of what is read is new, %.1f %% of the first"
            + " night's bytes are stored%n",
        first.statistics().storedBytes() / 1e6,
        first.statistics().readBytes() / 1e6,
        100.0 * second.statistics().addedBytes() / second.statistics().readBytes(),
        100.0 * second.statistics().storedBytes() / first.statistics().storedBytes());
  }

  private long fill() {
    create("\"-1\"");
    long bytes = write(0, documents, new Random(1));
    http.post("/" + INDEX + "/_refresh", "");
    http.post("/" + INDEX + "/_flush", "");
    return bytes;
  }

  private void create(String refresh) {
    http.put(
        "/" + INDEX,
        "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0,\"refresh_interval\":"
            + refresh
            + "},\"mappings\":{\"properties\":{\"text\":{\"type\":\"text\"},"
            + "\"customer\":{\"type\":\"keyword\"},\"time\":{\"type\":\"date\"}}}}");
  }

  private long write(int from, int to, Random random) {
    long bytes = 0;
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String source = document(i, random);
      bytes += source.length();
      lines.add("{\"index\":{\"_index\":\"" + INDEX + "\",\"_id\":\"order-" + i + "\"}}");
      lines.add(source);
      if (lines.size() >= LINES_AT_ONCE || i == to - 1) {
        http.post("/_bulk", String.join("\n", lines) + "\n");
        lines.clear();
      }
    }
    return bytes;
  }

  /** About 550 bytes, of which some cannot be guessed. */
  private static String document(int number, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return String.format(
        Locale.ROOT,
        "{\"number\":%d,\"customer\":\"c-%05d\",\"time\":%d,\"amount\":%d.%02d,\"token\":\"%x%x%x%x\","
            + "\"items\":[{\"sku\":\"%x\",\"count\":%d},{\"sku\":\"%x\",\"count\":%d}],"
            + "\"text\":\"%s\"}",
        number,
        random.nextInt(20_000),
        1_790_000_000_000L + number * 1000L,
        random.nextInt(1000),
        random.nextInt(100),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextInt(),
        random.nextInt(9),
        random.nextInt(),
        random.nextInt(9),
        text);
  }

  private void check(long count) throws IOException {
    if (count != documents) {
      throw new IOException(count + " documents, not " + documents);
    }
  }

  /** Time that went by, and what processors spent on it in this JVM and in the node. */
  private record Spent(double seconds, double here, double there) {

    static Spent now() {
      Duration there =
          ProcessHandle.current()
              .children()
              .flatMap(child -> child.info().totalCpuDuration().stream())
              .reduce(Duration.ZERO, Duration::plus);
      Duration here = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      return new Spent(System.nanoTime() / 1e9, here.toNanos() / 1e9, there.toNanos() / 1e9);
    }

    Spent until(Spent end) {
      return new Spent(end.seconds - seconds, end.here - here, end.there - there);
    }
  }
}
