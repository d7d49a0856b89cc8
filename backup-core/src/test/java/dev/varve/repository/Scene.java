package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.CheckOptions;
import dev.varve.ConfigurationException;
import dev.varve.CopyOptions;
import dev.varve.EntryPath;
import dev.varve.LostSnapshot;
import dev.varve.Problem;
import dev.varve.RepairOptions;
import dev.varve.RestoreReport;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A repository in which every {@link PublicVerb} has something to do, another one beside it, and
 * what ought to be in them. Made once; what happens to a {@linkplain #take copy} is its own. Used
 * by one thread.
 */
final class Scene {

  static final Key SPARE = KeyFile.generate();
  static final Key CHANGED = KeyFile.generate();

  /** What rewriting takes out of a snapshot. */
  static final String TAKEN_OUT = "own0";

  private static final RepairOptions THOROUGH =
      RepairOptions.builder().level(CheckOptions.Level.DATA).readerDelay(Duration.ZERO).build();

  /** What is backed up anew, by the verb itself. */
  final MemorySource fresh = source("a", 3);

  final MemorySource second = source("second", 1);

  /** What was stored and never committed. */
  final MemorySource lost = source("lost", 1);

  final MemoryStore place;
  final MemoryStore other;

  private final Map<SnapshotId, MemorySource> contents;
  private final Map<SnapshotId, Snapshot> live;
  private final Map<SnapshotId, MemorySource> learnt = new HashMap<>();
  private final Set<SnapshotId> mayGo = new HashSet<>();
  private final Set<SnapshotId> mayCome = new HashSet<>();
  private final List<SnapshotId> ids;
  private final String spareSlot;
  private boolean labelled;
  private boolean threads;

  /** Makes one. */
  Scene(MemoryStore place, MemoryStore other) {
    this.place = place;
    this.other = other;
    contents = new HashMap<>();
    live = new HashMap<>();
    try (Repository repository = create(place);
        Repository beside = create(other)) {
      spareSlot = repository.keys().add("spare", SPARE).id();
      SnapshotId kept = made(repository, source("a", 1));
      SnapshotId newest = made(repository, source("a", 2));
      SnapshotId dropped = made(repository, source("b", 1));
      SnapshotId gone = made(repository, source("c", 1));
      SnapshotId pinned = made(repository, source("d", 1));
      repository.pin(List.of(pinned));
      repository.tag(List.of(kept), Map.of("old", "yes"), List.of());
      repository.forget(List.of(gone));
      repository.copy(List.of(snapshot(repository, kept)), beside, CopyOptions.defaults());
      SnapshotId foreign = made(beside, source("foreign", 1));
      repository.snapshots().list().forEach(each -> live.put(each.id(), each));
      ids = List.of(kept, newest, dropped, gone, pinned, foreign);
    }
    staleLock();
  }

  private Scene(Scene scene, MemoryStore place) {
    this.place = place;
    this.other = scene.other.fork();
    contents = scene.contents;
    live = scene.live;
    ids = scene.ids;
    spareSlot = scene.spareSlot;
  }

  /** Copies of both places. */
  Scene take() {
    return take(place.fork());
  }

  /** The same with another place for the repository: what is there is a copy already. */
  Scene take(MemoryStore place) {
    return new Scene(this, place);
  }

  /** No two have the same entries, so that each has a list of its own. */
  private static MemorySource source(String name, int version) {
    return Generated.small(name, 31L * name.hashCode() + version);
  }

  private static Repository create(MemoryStore place) {
    return Repository.create(place.handle(), Repositories.KEY, options().inline().build());
  }

  /** Small packs and chunks: many of them, and fast. */
  static RepositoryOptions.Builder options() {
    return Repositories.options()
        .chunkSizes(4 << 10, 8 << 10, 16 << 10)
        .packSizes(32 << 10, 8 << 10);
  }

  /** The other repository, whose verbs run where those of this one do. */
  Repository beside() {
    RepositoryOptions.Builder options = options().despiteDamage();
    return Repository.open(
        other.handle(), Repositories.KEY, (threads ? options : options.inline()).build());
  }

  /** Verbs have threads of their own, as in production, not that of the caller. */
  Scene onThreads() {
    threads = true;
    return this;
  }

  static Repository open(Store store) {
    return Repository.open(store, Repositories.KEY, options().inline().despiteDamage().build());
  }

  private SnapshotId made(Repository repository, MemorySource source) {
    SnapshotId id = Repositories.backup(repository, source).id();
    contents.put(id, source);
    return id;
  }

  /** As one leaves it that is killed. */
  private void staleLock() {
    Set<String> before = Set.copyOf(place.keys("locks/"));
    try (Repository repository = open(place.handle())) {
      repository.backup(
          new HookedSource(
              source("locked", 1),
              () ->
                  place.keys("locks/").stream()
                      .filter(key -> !before.contains(key))
                      .findFirst()
                      .ifPresent(key -> left = Optional.of(Map.entry(key, place.bytes(key))))));
      Snapshot snapshot = repository.snapshots().latest().orElseThrow();
      contents.put(snapshot.id(), source("locked", 1));
      live.put(snapshot.id(), snapshot);
    }
    left.ifPresent(
        lock -> {
          place.put(lock.getKey(), lock.getValue());
          place.setTime(lock.getKey(), Instant.EPOCH);
        });
    assertEquals(1, place.keys("locks/").size());
  }

  private Optional<Map.Entry<String, byte[]>> left = Optional.empty();

  SnapshotId kept() {
    return ids.get(0);
  }

  SnapshotId newest() {
    return ids.get(1);
  }

  SnapshotId dropped() {
    return ids.get(2);
  }

  /** Forgotten, not pruned. */
  SnapshotId gone() {
    return ids.get(3);
  }

  SnapshotId pinned() {
    return ids.get(4);
  }

  /** One of the other repository. */
  SnapshotId foreign() {
    return ids.get(5);
  }

  String spareSlot() {
    return spareSlot;
  }

  /** How many snapshots there were. */
  int liveCount() {
    return live.size();
  }

  /** What a snapshot of either repository was made of. */
  MemorySource contents(SnapshotId id) {
    return Optional.ofNullable(contents.get(id)).orElseThrow();
  }

  /** The snapshot as a repository shows it, which may be out of date or damaged. */
  Snapshot snapshot(Repository repository, SnapshotId id) {
    return repository.snapshots().list().stream()
        .filter(snapshot -> snapshot.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new ConfigurationException("Snapshot " + id + " is not shown"));
  }

  /** What of a source is left when something is taken out. */
  static MemorySource reduced(MemorySource whole) {
    MemorySource less = new MemorySource(whole.identity());
    whole.entries().forEach((path, entry) -> less.put(entry, whole.content(path)));
    return less.remove(TAKEN_OUT);
  }

  /** This may be gone from now on. */
  void forgetting(SnapshotId id) {
    mayGo.add(id);
  }

  /** This may be back from now on. */
  void bringingBack(SnapshotId id) {
    mayCome.add(id);
  }

  /** Pins and tags are not what they were from now on. */
  void labelling() {
    labelled = true;
  }

  /**
   * Says whether all is well after a verb was disturbed: nothing is lost, half there or wrong; and
   * it works when it is done again.
   *
   * @param store a new connection to what is there, undisturbed
   */
  void judge(PublicVerb verb, Supplier<Store> store, Optional<Throwable> failure) {
    requireWords(failure);
    if (!verb.mends() || failure.isEmpty()) {
      verify(verb, store);
    }
    if (failure.isEmpty()) {
      try (Repository repository = open(store.get())) {
        verb.requireDone(repository, this);
      }
    }
    doneAgain(verb, store);
    verify(verb, store);
    try (Repository repository = open(store.get())) {
      Repositories.assertClean(repository);
      MemorySource next = source("next", 1);
      Repositories.assertRestores(repository, Repositories.backup(repository, next), next);
    }
  }

  private void doneAgain(PublicVerb verb, Supplier<Store> store) {
    try (Repository repository = open(store.get())) {
      verb.run(repository, this);
      verb.requireDone(repository, this);
    } catch (java.io.IOException e) {
      throw new AssertionError("Done again, it fails", e);
    }
  }

  /**
   * As {@link #judge}, where items could not be found or were wrong meanwhile and are well again:
   * what was made then may lack what it says it lacks, and damage may be recorded that is none.
   */
  void judgeHealed(PublicVerb verb, Supplier<Store> store, Optional<Throwable> failure) {
    requireWords(failure);
    try (Repository repository = open(store.get())) {
      repository.repair(repository.planRepair(THOROUGH));
      verifyAll(repository, true);
      verb.always(repository, this);
      assertCleanButForCopies(repository);
      MemorySource next = source("next", 1);
      Repositories.assertRestores(repository, Repositories.backup(repository, next), next);
    }
    try (Repository beside = open(other.handle())) {
      restoreAll(beside, true);
    }
  }

  /**
   * A slot of the log that was put back while the one before it could not be found has no copy of
   * that one, for good: nothing is overwritten.
   */
  private static void assertCleanButForCopies(Repository repository) {
    CheckOptions thorough = CheckOptions.builder().level(CheckOptions.Level.DATA).build();
    assertEquals(
        List.of(),
        repository.check(thorough).findings().stream()
            .filter(finding -> !finding.message().contains("but not its copy of the slot before"))
            .toList());
  }

  /** Whatever happened, what was there restores, and what was made is what it says. */
  void verify(Supplier<Store> store) {
    try (Repository repository = open(store.get())) {
      verifyAll(repository, false);
    }
    try (Repository beside = open(other.handle())) {
      restoreAll(beside, false);
    }
  }

  private void verify(PublicVerb verb, Supplier<Store> store) {
    verify(store);
    try (Repository repository = open(store.get())) {
      verb.always(repository, this);
    }
  }

  private void verifyAll(Repository repository, boolean mayLack) {
    Set<SnapshotId> there = restoreAll(repository, mayLack);
    for (Snapshot snapshot : live.values()) {
      boolean shown = there.contains(snapshot.id());
      assertTrue(shown || mayGo.contains(snapshot.id()), () -> "Gone: " + snapshot);
      if (shown && !labelled) {
        Snapshot now = snapshot(repository, snapshot.id());
        assertEquals(snapshot.source(), now.source());
        assertEquals(snapshot.tags(), now.tags());
        assertEquals(snapshot.pinned(), now.pinned());
        assertEquals(snapshot.statistics(), now.statistics());
      }
    }
    for (SnapshotId id : there) {
      boolean known = live.containsKey(id) || !contents.containsKey(id) || mayCome.contains(id);
      assertTrue(known, () -> "It came back by itself: " + id);
    }
  }

  private Set<SnapshotId> restoreAll(Repository repository, boolean mayLack) {
    Set<SnapshotId> there = new HashSet<>();
    for (Snapshot snapshot : repository.snapshots().list()) {
      MemorySource expected = expected(snapshot);
      if (mayLack && !contents.containsKey(snapshot.id())) {
        assertRestoresWhatItSays(repository, snapshot, expected);
      } else {
        Repositories.assertRestores(repository, snapshot, expected);
      }
      learnt.put(snapshot.id(), expected);
      there.add(snapshot.id());
    }
    return there;
  }

  /** What was made meanwhile names what it lacks; all else is right. */
  private static void assertRestoresWhatItSays(
      Repository repository, Snapshot snapshot, MemorySource expected) {
    List<Problem> problems = repository.problems(snapshot);
    if (problems.isEmpty()) {
      Repositories.assertRestores(repository, snapshot, expected);
      return;
    }
    CollectingTarget target = new CollectingTarget();
    RestoreReport report = repository.restore(snapshot, target);
    assertTrue(report.complete(), () -> "What names its losses has more of them: " + report);
    MemorySource less = new MemorySource(expected.identity());
    Set<EntryPath> restored = target.collected().keySet();
    for (EntryPath path : expected.entries().keySet()) {
      if (restored.contains(path)) {
        less.put(expected.entry(path), expected.content(path));
      } else {
        assertTrue(names(problems, path), () -> path + " is neither there nor in " + problems);
      }
    }
    target.assertHolds(less);
  }

  /** One problem with a part of a list of entries names where it begins. */
  private static boolean names(List<Problem> problems, EntryPath path) {
    return problems.stream()
        .anyMatch(problem -> problem.path().isEmpty() || problem.path().get().compareTo(path) <= 0);
  }

  private MemorySource expected(Snapshot snapshot) {
    Optional<MemorySource> known = Optional.ofNullable(contents.get(snapshot.id()));
    if (known.isPresent()) {
      return known.get();
    }
    Map<String, String> tags = snapshot.tags();
    String rewritten = tags.get(RewriteReport.TAG);
    if (rewritten != null) {
      return reduced(contents(new SnapshotId(rewritten)));
    }
    String original = tags.get("varve.original");
    if (original != null) {
      SnapshotId id = new SnapshotId(original);
      return learnt.containsKey(id)
          ? Optional.ofNullable(learnt.get(id)).orElseThrow()
          : contents(id);
    }
    if (tags.containsKey(LostSnapshot.TAG)) {
      return lost;
    }
    Map<SourceIdentity, MemorySource> backedUp =
        List.of(fresh, second, lost, source("next", 1)).stream()
            .collect(Collectors.toMap(MemorySource::identity, each -> each));
    return Optional.ofNullable(backedUp.get(snapshot.source()))
        .orElseThrow(() -> new AssertionError("Nobody made " + snapshot));
  }

  /** Users see the family of errors and nothing else. */
  static void requireWords(Optional<Throwable> failure) {
    if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
      throw new AssertionError("A failure nobody translated: " + failure.get(), failure.get());
    }
    assertFalse(failure.map(Throwable::getMessage).orElse("none").isBlank());
  }
}
