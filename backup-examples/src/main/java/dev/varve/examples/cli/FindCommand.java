package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.Snapshot;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve find}. */
@Command(
    name = "find",
    description = {
      "Find entries by name in all snapshots, or in some.",
      "A pattern without a slash is about names (*.pdf), one with a slash about whole paths",
      "(srv/**/2026/*.pdf)."
    })
final class FindCommand implements Callable<Integer> {

  /** Shows what was found in one snapshot after the other. */
  private interface Shown {
    void found(Snapshot snapshot, Entry entry) throws IOException;
  }

  private final Varve varve;

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(index = "0", paramLabel = "PATTERN", description = "What to look for.")
  private String pattern = "";

  @Option(
      names = "--snapshot",
      paramLabel = "SNAPSHOT",
      description = "Look only into this one; may be repeated.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-i", "--ignore-case"},
      description = "Capital and small letters are the same.")
  private boolean ignoreCase;

  FindCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    Glob glob = new Glob(pattern, ignoreCase);
    try (Repository repository = varve.open()) {
      Snapshots all = repository.snapshots();
      List<Snapshot> chosen =
          names.isEmpty()
              ? choice.narrow(all).list()
              : names.stream().map(name -> choice.one(all, name)).toList();
      if (varve.json()) {
        writeJson(repository, chosen, glob);
      } else {
        writeText(repository, chosen, glob);
      }
      return ExitCode.DONE;
    }
  }

  private void writeJson(Repository repository, List<Snapshot> chosen, Glob glob)
      throws IOException {
    Json json = varve.newJson();
    json.values(
        () ->
            find(
                repository,
                chosen,
                glob,
                (snapshot, entry) ->
                    json.object(
                        () -> {
                          json.field("snapshot", snapshot.id().hex());
                          json.entry(entry);
                        })));
  }

  private void writeText(Repository repository, List<Snapshot> chosen, Glob glob)
      throws IOException {
    ZoneId zone = ZoneId.systemDefault();
    long found =
        find(
            repository,
            chosen,
            glob,
            (snapshot, entry) ->
                varve.answer(snapshot.id().brief() + "  " + EntryLines.detailed(entry, zone)));
    varve.note(
        Legible.count(found)
            + " found in "
            + Legible.count(chosen.size(), "snapshot", "snapshots"));
  }

  private static long find(Repository repository, List<Snapshot> chosen, Glob glob, Shown shown)
      throws IOException {
    long found = 0;
    for (Snapshot snapshot : chosen) {
      try (Stream<Entry> entries = repository.entries(snapshot)) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
          Entry entry = i.next();
          if (glob.matches(entry.path())) {
            shown.found(snapshot, entry);
            found++;
          }
        }
      }
    }
    return found;
  }
}
