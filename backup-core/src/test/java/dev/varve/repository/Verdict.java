package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.store.Store;
import dev.varve.testkit.CollectedEntry;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of a repository that something was done to, by restoring everything and checking
 * everything. Fails if a wrong byte came out, if something is missing and not named, or if the
 * check calls clean what does not restore.
 */
enum Verdict {
  /** It cannot be opened, and says why. */
  REFUSED,
  /** Something does not restore; that is named, and the check says so too. */
  LOSS_NAMED,
  /** Everything restores, and the check says that something is wrong. */
  FOUND,
  /** Everything restores, and nothing is found. */
  UNNOTICED;

  private static final Pattern STRETCH =
      Pattern.compile("list of entries is lost from here (?:to its end|up to ([^ :]+))");

  /** Looks at a place whose snapshots, ascending, were made of these sources. */
  static Verdict of(MemoryStore place, List<MemorySource> sources) {
    return of(place.handle(), sources, Repositories.options().build());
  }

  /** As {@link #of(MemoryStore, List)}; closes the store. */
  static Verdict of(Store place, List<MemorySource> sources, RepositoryOptions options) {
    try (Repository repository = Repository.open(place, Repositories.KEY, options)) {
      List<Snapshot> snapshots = repository.snapshots().list();
      assertTrue(snapshots.size() == sources.size(), "Snapshots vanished: " + snapshots);
      List<String> missing = new ArrayList<>();
      for (int i = 0; i < sources.size(); i++) {
        missing.addAll(missing(repository, snapshots.get(i), sources.get(i)));
      }
      return judge(repository, missing);
    } catch (BackupException refused) {
      assertFalse(String.valueOf(refused.getMessage()).isBlank());
      return REFUSED;
    }
  }

  private static Verdict judge(Repository repository, List<String> missing) {
    CheckReport report;
    try {
      report = repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    } catch (BackupException failed) {
      return missing.isEmpty() ? FOUND : LOSS_NAMED;
    }
    if (!missing.isEmpty()) {
      assertFalse(report.clean(), "The check calls clean what does not restore: " + missing);
      boolean named = report.findings().stream().anyMatch(f -> f.affectedCount() > 0);
      assertTrue(named, () -> missing + " is lost, but the check names nobody: " + report);
      return LOSS_NAMED;
    }
    return report.clean() ? UNNOTICED : FOUND;
  }

  /** What of a snapshot does not restore; every byte that does is compared. */
  private static List<String> missing(
      Repository repository, Snapshot snapshot, MemorySource source) {
    CollectingTarget target = new CollectingTarget();
    RestoreReport report;
    try {
      report = repository.restore(snapshot, target);
    } catch (BackupException failed) {
      target.collected().values().forEach(entry -> compare(entry, source));
      return List.of("all of " + snapshot.id().brief() + ": " + failed.getMessage());
    }
    if (report.complete()) {
      target.assertHolds(source);
      return List.of();
    }
    Set<EntryPath> named = new HashSet<>();
    report.holes().forEach(hole -> named.add(hole.path()));
    for (EntryPath path : source.entries().keySet()) {
      if (report.problems().stream().anyMatch(problem -> names(problem, path))) {
        named.add(path);
      }
    }
    report.problems().forEach(problem -> problem.path().ifPresent(named::add));
    assertFalse(named.isEmpty(), "Incomplete, but nothing is named");
    target.collected().values().forEach(entry -> compare(entry, source));
    for (EntryPath path : source.entries().keySet()) {
      assertTrue(
          named.contains(path) || target.collected().containsKey(path),
          () -> path + " is neither restored nor named");
    }
    return named.stream().map(EntryPath::toString).toList();
  }

  /** Where catalogs are cut is the key's choice: of a lost piece one problem names the ends. */
  static boolean names(Problem problem, EntryPath path) {
    Matcher stretch = STRETCH.matcher(problem.message());
    if (problem.path().isEmpty() || !stretch.find()) {
      return problem.path().equals(Optional.of(path));
    }
    return problem.path().get().compareTo(path) <= 0
        && (stretch.group(1) == null || path.compareTo(EntryPath.of(stretch.group(1))) < 0);
  }

  private static void compare(CollectedEntry entry, MemorySource source) {
    EntryPath path = entry.entry().path();
    assertTrue(source.entries().containsKey(path), () -> path + " was never backed up");
    if (!entry.entry().kind().hasContent()) {
      return;
    }
    byte[] expected = source.content(path);
    for (Hole hole : entry.holes()) {
      for (long i = hole.offset(); i < hole.offset() + hole.length(); i++) {
        expected[(int) i] = 0;
      }
    }
    assertArrayEquals(expected, entry.bytes(), () -> "Wrong bytes of " + path);
  }
}
