package dev.varve.examples.cli;

import dev.varve.LostSnapshot;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Legible;
import dev.varve.examples.cli.show.Table;
import dev.varve.repository.Repository;
import dev.varve.repository.Snapshots;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code varve undelete}. */
@Command(
    name = "undelete",
    description = {
      "Bring forgotten snapshots back, as long as no prune has taken what they need.",
      "Without any, list those that can perhaps be brought back. With --lost, the same for lists",
      "of entries that no record names, after slots of the log were lost."
    })
final class UndeleteCommand implements Callable<Integer> {

  private static final int SHOWN_DIGITS = 12;

  private final Varve varve;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "Snapshots to bring back.")
  private List<String> named = new ArrayList<>();

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Option(
      names = "--lost",
      description = "Lists of entries that no record of the log names instead; with ids, --as too.")
  private boolean lost;

  @Option(
      names = "--as",
      paramLabel = "KIND:NAME@HOST",
      description = "The source whose snapshot a lost list of entries is to be.")
  private Optional<String> as = Optional.empty();

  UndeleteCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    if (as.isPresent() == (named.isEmpty() || !lost)) {
      throw new UsageException(
          "--as says of which source the lists named with --lost are; give both or neither");
    }
    try (Repository repository = varve.open()) {
      if (lost) {
        return lost(repository);
      }
      Snapshots forgotten = repository.forgotten();
      if (named.isEmpty()) {
        SnapshotLines.write(varve, choice.narrow(forgotten).list());
        return ExitCode.DONE;
      }
      List<Snapshot> chosen = named.stream().map(name -> one(forgotten, name)).toList();
      List<Snapshot> back = new ArrayList<>();
      for (Snapshot snapshot : chosen) {
        back.add(repository.undelete(snapshot.id()));
      }
      SnapshotLines.write(varve, back);
      return ExitCode.DONE;
    }
  }

  private Snapshot one(Snapshots forgotten, String name) {
    Snapshots some = choice.narrow(forgotten);
    if (some.isEmpty() || !(name.equals("latest") || some.find(name).isPresent())) {
      throw new FailureException(
          "No forgotten snapshot that can come back is called "
              + name
              + "; 'varve undelete' lists those that can. Once a prune gave up what it needs, one"
              + " cannot any more");
    }
    return choice.one(forgotten, name);
  }

  private int lost(Repository repository) throws IOException {
    List<LostSnapshot> all = repository.lostSnapshots();
    if (named.isEmpty()) {
      list(all);
      return ExitCode.DONE;
    }
    SourceIdentity source = source();
    List<LostSnapshot> chosen = named.stream().map(root -> one(all, root)).toList();
    List<Snapshot> back = new ArrayList<>();
    for (LostSnapshot each : chosen) {
      back.add(repository.bringBack(each, source));
    }
    SnapshotLines.write(varve, back);
    return ExitCode.DONE;
  }

  private SourceIdentity source() {
    try {
      return SourceIdentity.parse(as.orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--as: " + e.getMessage());
    }
  }

  private static LostSnapshot one(List<LostSnapshot> all, String beginning) {
    List<LostSnapshot> found =
        all.stream().filter(each -> each.root().startsWith(beginning)).toList();
    if (found.size() != 1) {
      throw new FailureException(
          (found.isEmpty() ? "No lost list of entries" : "More than one lost list of entries")
              + " begins with "
              + beginning
              + "; 'varve undelete --lost' lists them all");
    }
    return found.get(0);
  }

  private void list(List<LostSnapshot> all) throws IOException {
    if (varve.json()) {
      writeJson(varve.newJson(), all);
      return;
    }
    Table table = new Table("LIST", ">ENTRIES", ">SIZE", "NEWEST ENTRY", "FIRST PATH", "");
    for (LostSnapshot each : all) {
      table.add(
          each.root().substring(0, SHOWN_DIGITS),
          Legible.count(each.entries()),
          Legible.bytes(each.bytes()),
          each.newest().map(time -> Legible.time(time, ZoneId.systemDefault())).orElse(""),
          each.first().toString(),
          each.whole() ? "" : "not whole");
    }
    if (!all.isEmpty()) {
      table.lines().forEach(varve::answer);
    }
    varve.summary(
        all.isEmpty()
            ? "no list of entries is without a snapshot"
            : "backups that never came to their end may be among them, and what was forgotten by a"
                + " record that is lost");
  }

  private static void writeJson(Json json, List<LostSnapshot> all) throws IOException {
    json.value(
        () ->
            json.array(
                "lost",
                () -> {
                  for (LostSnapshot each : all) {
                    json.object(() -> fields(json, each));
                  }
                }));
  }

  private static void fields(Json json, LostSnapshot lost) throws IOException {
    json.field("root", lost.root());
    json.field("entries", lost.entries());
    json.field("bytes", lost.bytes());
    json.field("newest", lost.newest().map(Instant::toString).orElse(""));
    json.field("first", lost.first().toString());
    json.field("whole", lost.whole());
  }
}
