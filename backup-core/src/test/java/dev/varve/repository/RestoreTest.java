package dev.varve.repository;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Listener;
import dev.varve.PathFilter;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.StoreException;
import dev.varve.TargetException;
import dev.varve.source.EntryCursor;
import dev.varve.store.Store;
import dev.varve.target.MissingContentException;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * What a target sees of a snapshot, and what the host hears of it, when all is well and when not.
 */
class RestoreTest {

  private static final int SIZE = 300_000;

  private final MemoryStore store = new MemoryStore();
  private final MemorySource source =
      new MemorySource()
          .directory("d")
          .file("d/empty", "")
          .file("d/small", "small")
          .link("link", "d/small")
          .file("large", SIZE, 1);

  private static Repository create(MemoryStore store) {
    return Repository.create(
        store.handle(), Repositories.KEY, Repositories.options().inline().build());
  }

  private static Repository open(Store store) {
    return Repositories.openInline(store);
  }

  private static List<EntryPath> all(SnapshotContents contents) throws IOException {
    List<EntryPath> paths = new ArrayList<>();
    try (EntryCursor cursor = contents.entries()) {
      for (Optional<Entry> e = cursor.next(); e.isPresent(); e = cursor.next()) {
        paths.add(e.get().path());
      }
    }
    return paths;
  }

  @Test
  void restore_all_showsTheTargetAllAndTellsHowMuchThereIs() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      List<Progress> told = new CopyOnWriteArrayList<>();
      Listener listener =
          new Listener() {
            @Override
            public void progress(Progress progress) {
              told.add(progress);
            }
          };
      CollectingTarget collecting = new CollectingTarget();
      Target target =
          (contents, context) -> {
            assertEquals(snapshot.id(), contents.snapshot().id());
            assertFalse(contents.filtered());
            assertTrue(contents.isListComplete());
            assertEquals(List.copyOf(source.entries().keySet()), all(contents));
            EntryPath small = EntryPath.of("d/small");
            assertEquals(Optional.of(source.entry(small)), contents.find(small));
            assertEquals(Optional.empty(), contents.find(EntryPath.of("d/none")));
            collecting.restore(contents, context);
          };
      RestoreReport report =
          repository.restore(snapshot, target, RestoreOptions.builder().listener(listener).build());
      collecting.assertHolds(source);
      assertTrue(report.complete());
      assertEquals(5, report.entries());
      assertEquals(SIZE + 5, report.bytes());
      Progress first = told.get(0);
      Progress last = told.get(told.size() - 1);
      assertEquals("restoring", first.phase());
      assertEquals(OptionalLong.of(5), first.totalEntries());
      assertEquals(OptionalLong.of(SIZE + 5), first.totalBytes());
      assertEquals(5, last.entries());
      assertEquals(SIZE + 5, last.bytes());
    }
  }

  @Test
  void restore_partOfIt_doesNotPretendToKnowHowMuchThereIs() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      List<RestoreOptions.Builder> some =
          List.of(
              RestoreOptions.builder().path("d"),
              RestoreOptions.builder().filter(PathFilter.builder().exclude("large").build()));
      List<Boolean> filtered = new ArrayList<>();
      for (RestoreOptions.Builder options : some) {
        List<Progress> told = new CopyOnWriteArrayList<>();
        Listener listener =
            new Listener() {
              @Override
              public void progress(Progress progress) {
                told.add(progress);
              }
            };
        Target target = (contents, context) -> filtered.add(contents.filtered());
        repository.restore(snapshot, target, options.listener(listener).build());
        assertTrue(told.stream().allMatch(p -> p.totalEntries().isEmpty()));
        assertTrue(told.stream().allMatch(p -> p.totalBytes().isEmpty()));
      }
      assertEquals(List.of(false, true), filtered);
    }
  }

  @Test
  void open_anyWay_givesTheContentAndCountsIt() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      EntryPath large = EntryPath.of("large");
      Target target =
          (contents, context) -> {
            try (InputStream in = contents.open(large)) {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              out.write(in.read());
              byte[] room = new byte[1000];
              for (int n = in.read(room, 1, 999); n >= 0; n = in.read(room, 1, 999)) {
                out.write(room, 1, n);
              }
              assertEquals(-1, in.read());
              assertEquals(0, room[0]);
              assertArrayEquals(source.content(large), out.toByteArray());
            }
            try (InputStream in = contents.open(EntryPath.of("d/empty"))) {
              assertEquals(-1, in.read());
            }
          };
      RestoreReport report = repository.restore(snapshot, target);
      assertEquals(SIZE, report.bytes());
      assertEquals(0, report.entries());
    }
  }

  @Test
  void open_whatIsNotThereOrHasNoContent_saysWhich() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      List<String> reasons = new ArrayList<>();
      Target target =
          (contents, context) -> {
            for (String path : List.of("none", "d/", "link")) {
              NoSuchFileException refused =
                  assertThrows(NoSuchFileException.class, () -> contents.open(EntryPath.of(path)));
              assertEquals(path, refused.getFile());
              reasons.add(String.valueOf(refused.getReason()));
            }
          };
      assertTrue(repository.restore(snapshot, target).complete());
      assertEquals("not in the snapshot", reasons.get(0));
      assertTrue(reasons.get(1).startsWith("a "), reasons.toString());
      assertTrue(reasons.get(2).startsWith("a "), reasons.toString());
      assertEquals(3, new HashSet<>(reasons).size());
    }
  }

  /** The second half of a file lies in another pack than its first, and that one is lost. */
  private Snapshot halfLost(Repository repository) {
    byte[] content = source.content(EntryPath.of("large"));
    source.file("large", Arrays.copyOf(content, SIZE / 2));
    Repositories.backup(repository, source);
    Set<String> before = new HashSet<>(store.keys("packs/"));
    source.file("large", content);
    Snapshot snapshot = Repositories.backup(repository, source);
    String later =
        store.keys("packs/").stream()
            .filter(key -> !before.contains(key))
            .max(Comparator.comparingInt(key -> store.bytes(key).length))
            .orElseThrow();
    store.remove(later);
    return snapshot;
  }

  @Test
  void open_pieceLost_failsThereWithItsHoleAsDeliveringDoes() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = halfLost(repository);
      CollectingTarget collecting = new CollectingTarget();
      RestoreReport delivered = repository.restore(snapshot, collecting);
      assertEquals(List.of(), collecting.misuses());
      List<Hole> holes = new ArrayList<>(delivered.holes());
      holes.sort(Comparator.comparingLong(Hole::offset));
      assertEquals(delivered.holeCount(), holes.size());
      Hole first = holes.get(0);
      assertTrue(first.offset() > 0);
      long missing = holes.stream().mapToLong(Hole::length).sum();
      assertEquals(SIZE + 5 - missing, delivered.bytes());
      assertEquals(4, delivered.entries(), "all but the one with holes");

      byte[] content = source.content(EntryPath.of("large"));
      List<Hole> met = new ArrayList<>();
      Target opening =
          (contents, context) -> {
            try (InputStream in = contents.open(EntryPath.of("large"))) {
              byte[] before = in.readNBytes((int) first.offset());
              assertArrayEquals(Arrays.copyOf(content, before.length), before);
              assertThrows(MissingContentException.class, () -> in.skip(1));
              for (int twice = 0; twice < 2; twice++) {
                var failure = assertThrows(MissingContentException.class, in::read);
                met.add(failure.hole());
                Throwable cause = requireNonNull(failure.getCause());
                assertEquals(failure.hole().reason(), cause.getMessage());
              }
            }
          };
      RestoreReport opened = repository.restore(snapshot, opening);
      assertEquals(List.of(first, first), met);
      assertEquals(List.of(first, first, first), opened.holes());
      assertEquals(first.offset(), opened.bytes());
      assertFalse(opened.complete());
    }
  }

  /** Databases pass over what they know: what they then meet is where it is, and whose it is. */
  @Test
  void open_skipped_isStillWhereItIsAndNotCounted() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = halfLost(repository);
      byte[] content = source.content(EntryPath.of("large"));
      List<Hole> met = new ArrayList<>();
      Target target =
          (contents, context) -> {
            try (InputStream in = contents.open(EntryPath.of("large"))) {
              assertEquals(0, in.skip(0));
              assertEquals(0, in.skip(-1));
              assertEquals(20_000, in.skip(20_000));
              assertEquals(content[20_000] & 0xff, in.read());
              assertTrue(in.available() >= 0);
              in.skipNBytes(9);
              assertArrayEquals(Arrays.copyOfRange(content, 20_010, 20_020), in.readNBytes(10));
              met.add(
                  assertThrows(MissingContentException.class, () -> in.skip(Long.MAX_VALUE))
                      .hole());
            }
            try (InputStream in = contents.open(EntryPath.of("d/small"))) {
              assertEquals(5, in.skip(7));
              assertEquals(0, in.skip(7));
              assertEquals(-1, in.read());
            }
          };
      RestoreReport report = repository.restore(snapshot, target);
      assertEquals(11, report.bytes());
      assertEquals(met, report.holes());
      RestoreReport delivered = repository.restore(snapshot, new CollectingTarget());
      assertEquals(
          delivered.holes().stream().mapToLong(Hole::offset).min().orElseThrow(),
          met.get(0).offset());
    }
  }

  /** Nobody can say how far a lost list would have gone, so all of the content is missing. */
  @Test
  void open_listOfChunksLost_missesAllOfIt() {
    int size = 6_000_000;
    MemorySource big = new MemorySource().file("big", size, 1);
    Snapshot snapshot;
    Set<String> before;
    try (Repository repository =
        Repository.create(
            store.handle(),
            Repositories.KEY,
            Repositories.options().inline().chunkSizes(4 << 10, 8 << 10, 16 << 10).build())) {
      Repositories.backup(repository, big);
      before = new HashSet<>(store.keys("packs/"));
      // Its entry changes and its chunks do not: whatever the key cuts by, the catalog is new.
      big.file("big", size, 1).file("small", "small");
      snapshot = Repositories.backup(repository, big);
    }
    String data =
        before.stream().max(Comparator.comparingInt(key -> store.bytes(key).length)).orElseThrow();
    before.stream().filter(key -> !key.equals(data)).forEach(store::remove);
    try (Repository repository = open(store.handle())) {
      List<Hole> met = new ArrayList<>();
      Target opening =
          (contents, context) -> {
            try (InputStream in = contents.open(EntryPath.of("big"))) {
              met.add(assertThrows(MissingContentException.class, in::read).hole());
            }
          };
      assertEquals(0, repository.restore(snapshot, opening).bytes());
      assertEquals(0, met.get(0).offset());
      assertEquals(size, met.get(0).length());
      RestoreReport delivered = repository.restore(snapshot, new CollectingTarget());
      assertEquals(met, delivered.holes());
      assertEquals("small".length(), delivered.bytes());
    }
  }

  @Test
  void restore_receiverFails_goesOnWithTheRestAndSaysSo() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      CollectingTarget target = new CollectingTarget().failAt("d/small");
      RestoreReport report = repository.restore(snapshot, target);
      assertEquals(
          List.of(
              new Problem(
                  Optional.of(EntryPath.of("d/small")),
                  "Not restored: it cannot be written: Cannot write d/small")),
          report.problems());
      assertEquals(4, report.entries());
    }
  }

  @Test
  void restore_targetFails_isItsFailureNotTheRepositorys() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      Target failing =
          (contents, context) -> {
            all(contents);
            throw new IOException("no table of that name; make it first");
          };
      TargetException failure =
          assertThrows(TargetException.class, () -> repository.restore(snapshot, failing));
      assertTrue(
          String.valueOf(failure.getMessage()).endsWith("no table of that name; make it first"));
      Target wordless =
          (contents, context) -> {
            throw new IOException();
          };
      assertThrows(TargetException.class, () -> repository.restore(snapshot, wordless));
    }
  }

  /** Reads fail from a certain moment on. */
  private static final class Failing extends ForwardingStore {
    private boolean failing;

    Failing(MemoryStore store) {
      super(store.handle());
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      if (failing && key.startsWith("packs/")) {
        throw new AccessDeniedException(key);
      }
      super.read(key, offset, into);
    }
  }

  @Test
  void restore_repositoryFails_isNotTheTargetsWhateverItMakesOfIt() {
    Snapshot snapshot;
    try (Repository repository = create(store)) {
      snapshot = Repositories.backup(repository, source);
    }
    List<Target> ways =
        List.of(
            (contents, context) -> all(contents),
            (contents, context) -> contents.find(EntryPath.of("large")),
            (contents, context) -> contents.open(EntryPath.of("large")),
            (contents, context) -> new CollectingTarget().restore(contents, context));
    for (Target way : ways) {
      Failing failing = new Failing(store);
      try (Repository repository = open(failing)) {
        Target target =
            (contents, context) -> {
              failing.failing = true;
              try {
                way.restore(contents, context);
              } catch (IOException e) {
                throw new IOException("could not restore", new IOException("could not read", e));
              }
            };
        assertThrows(StoreException.class, () -> repository.restore(snapshot, target));
      }
    }
  }

  @Test
  void restore_readingFailsOnTheWay_isNotTheTargets() {
    Snapshot snapshot;
    try (Repository repository = create(store)) {
      snapshot = Repositories.backup(repository, source);
    }
    Failing failing = new Failing(store);
    try (Repository repository = open(failing)) {
      Target target =
          (contents, context) -> {
            try (InputStream in = contents.open(EntryPath.of("large"))) {
              failing.failing = true;
              in.skip(1);
            }
          };
      assertThrows(StoreException.class, () -> repository.restore(snapshot, target));
    }
  }

  /** The entries take up more than a chunk of a catalog can hold, whatever the key cuts by. */
  @Test
  void restore_listOfEntriesLost_isNotComplete() {
    Snapshot snapshot;
    Set<String> before;
    try (Repository repository = create(store)) {
      MemorySource wide = new MemorySource();
      for (int i = 1000; i < 7000; i++) {
        wide.file(Integer.toString(i).repeat(40), "");
      }
      Repositories.backup(repository, wide);
      before = new HashSet<>(store.keys("packs/"));
      snapshot = Repositories.backup(repository, wide.file("z", "the last of them"));
    }
    for (String key : before) {
      store.remove(key);
    }
    try (Repository repository = open(store.handle())) {
      List<Boolean> complete = new ArrayList<>();
      Target target =
          (contents, context) -> {
            complete.add(contents.isListComplete());
            assertTrue(all(contents).contains(EntryPath.of("z")));
            complete.add(contents.isListComplete());
          };
      RestoreReport report = repository.restore(snapshot, target);
      assertEquals(List.of(true, false), complete);
      assertTrue(
          report.problems().get(0).message().startsWith("Not restored: the list of entries is"));
    }
  }

  @Test
  void restore_dryRun_isToldToTheTarget() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      List<Boolean> dry = new ArrayList<>();
      Target target = (contents, context) -> dry.add(context.dryRun());
      repository.restore(snapshot, target);
      repository.restore(snapshot, target, RestoreOptions.builder().dryRun().build());
      assertEquals(List.of(false, true), dry);
    }
  }

  /** Links and directories have nothing to deliver, whatever a target wants. */
  @Test
  void deliver_everythingWanted_deliversContentsOnly() {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      List<String> completed = new ArrayList<>();
      Target target =
          (contents, context) ->
              contents.deliver(
                  entry -> true,
                  new Receiver() {
                    @Override
                    public void receive(Entry entry, long offset, ByteBuffer piece) {}

                    @Override
                    public void missing(Entry entry, Hole hole) {
                      throw new AssertionError(hole);
                    }

                    @Override
                    public void complete(Entry entry) {
                      completed.add(entry.path().toString());
                    }
                  });
      repository.restore(snapshot, target);
      completed.sort(Comparator.naturalOrder());
      assertEquals(List.of("d/empty", "d/small", "large"), completed);
    }
  }

  @Test
  void content_ofAnEntry_isReadWithoutATarget() throws Exception {
    try (Repository repository = create(store)) {
      Snapshot snapshot = Repositories.backup(repository, source);
      try (InputStream in = repository.content(snapshot, "large")) {
        assertArrayEquals(source.content(EntryPath.of("large")), in.readAllBytes());
      }
    }
  }
}
