package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.examples.cli.show.Json;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve ls}. */
@Command(name = "ls", description = "List what a snapshot holds, at or below a path.")
final class LsCommand implements Callable<Integer> {

  private final Varve varve;

  @Mixin private NamedSnapshot named = new NamedSnapshot();

  @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "Where to begin.")
  private Optional<String> path = Optional.empty();

  @Option(
      names = {"-l", "--long"},
      description = "Show mode, owners, size and time too.")
  private boolean detailed;

  LsCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    Optional<EntryPath> below = path.map(PathArgument::parse);
    try (Repository repository = varve.open()) {
      Snapshot snapshot = named.in(repository.snapshots());
      try (Stream<Entry> entries =
          below.isPresent()
              ? repository.entries(snapshot, below.get())
              : repository.entries(snapshot)) {
        long shown = varve.json() ? writeJson(entries) : writeText(entries);
        if (shown == 0 && below.isPresent()) {
          throw new FailureException(
              "Snapshot " + snapshot.id().brief() + " has nothing at or below " + below.get());
        }
      }
      return ExitCode.DONE;
    }
  }

  private long writeJson(Stream<Entry> entries) throws IOException {
    Json json = varve.newJson();
    long[] shown = {0};
    json.values(
        () -> {
          for (Iterator<Entry> i = entries.iterator(); i.hasNext(); shown[0]++) {
            Entry entry = i.next();
            json.object(() -> json.entry(entry));
          }
        });
    return shown[0];
  }

  private long writeText(Stream<Entry> entries) {
    ZoneId zone = ZoneId.systemDefault();
    long shown = 0;
    for (Iterator<Entry> i = entries.iterator(); i.hasNext(); shown++) {
      Entry entry = i.next();
      varve.answer(detailed ? EntryLines.detailed(entry, zone) : entry.path().toString());
    }
    return shown;
  }
}
