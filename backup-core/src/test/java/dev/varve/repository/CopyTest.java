package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.ConfigurationException;
import dev.varve.CopyOptions;
import dev.varve.CopyReport;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.store.Store;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.ContentFault;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Snapshots copied from one repository to another: the same, once, and as far as it went. */
class CopyTest {

  private final MemoryStore here = new MemoryStore();
  private final MemoryStore there = new MemoryStore();

  private static MemorySource tree() {
    return new MemorySource()
        .directory("d")
        .file("d/a", "one")
        .file("d/empty", "")
        .file("d/large", 700_000, 1)
        .link("link", "d/a")
        .file("other", 90_000, 2);
  }

  @Test
  void copy_everything_restoresTheSameWithItsTagsAndTimes() {
    MemorySource first = tree();
    MemorySource second = tree().file("d/a", "two").file("d/large", 710_000, 3);
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Snapshot one =
          from.backup(first, BackupOptions.builder().tag("release", "1").build()).snapshot();
      Snapshot two = Repositories.backup(from, second);

      CopyReport report = copyAll(from, to);

      assertTrue(report.complete(), report.toString());
      assertEquals(List.of(one.id(), two.id()), originals(report));
      for (CopyReport.Copied copied : report.copied()) {
        Snapshot copy = copied.copy().orElseThrow();
        Snapshot original = copied.original();
        assertEquals(original.source(), copy.source());
        assertEquals(original.claimedTime(), copy.claimedTime());
        assertEquals(original.statistics(), copy.statistics());
        assertEquals(original.software(), copy.software());
        assertEquals(original.id().hex(), copy.tags().get("varve.original"));
        assertEquals(original.time().toString(), copy.tags().get("varve.original-time"));
        assertEquals(original.tags().get("release"), copy.tags().get("release"));
        assertEquals(entries(from, original), entries(to, copy));
      }
      Repositories.assertRestores(to, report.copied().get(0).copy().orElseThrow(), first);
      Repositories.assertRestores(to, report.copied().get(1).copy().orElseThrow(), second);
      assertClean(to);
    }
  }

  @Test
  void copy_again_copiesNothing_alsoBackAndOn() {
    MemoryStore third = new MemoryStore();
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle());
        Repository on = Repositories.create(third.handle())) {
      Repositories.backup(from, tree());
      copyAll(from, to);

      assertEquals(1, copyAll(from, to).present().size());
      assertEquals(List.of(), copyAll(from, to).copied());
      assertEquals(List.of(), copyAll(to, from).copied());
      assertEquals(1, copyAll(to, on).copied().size());
      assertEquals(List.of(), copyAll(from, on).copied());
      assertEquals(1, to.snapshots().list().size());
    }
  }

  @Test
  void copy_ofTheNextSnapshot_readsOnlyWhatDiffers() {
    MemorySource source = tree();
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, source);
      assertEquals(790_003, copyAll(from, to).statistics().readBytes());
      source.file("other", 90_001, 4);
      Repositories.backup(from, source);

      CopyReport report = copyAll(from, to);

      assertEquals(90_001, report.statistics().readBytes());
      Repositories.assertRestores(to, report.copied().get(0).copy().orElseThrow(), source);
    }
  }

  @Test
  void copy_thenBackupOfTheSame_storesNoContentTwice() {
    MemorySource source = tree();
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, source);
      copyAll(from, to);

      BackupReport report = to.backup(source, BackupOptions.builder().rereading().build());

      assertEquals(0, report.statistics().addedBytes());
      assertEquals(790_003, report.statistics().readBytes());
    }
  }

  @Test
  void copy_thenBackup_knowsWhatIsUnchanged() {
    MemorySource source = tree();
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, source);
      copyAll(from, to);

      assertEquals(0, to.backup(source).statistics().readBytes());
    }
  }

  @Test
  void copy_entriesWithProblems_areReadAgainByTheNextBackup() {
    MemorySource source = tree().fault("d/a", ContentFault.DENIED);
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Snapshot original = Repositories.backup(from, source);
      Snapshot copy = copyAll(from, to).copied().get(0).copy().orElseThrow();

      assertEquals(1, copy.problems());
      assertEquals(from.problems(original), to.problems(copy));
      source.recover();
      assertEquals(3, to.backup(source).statistics().readBytes());
    }
  }

  @Test
  void copy_toItself_isRefused() {
    try (Repository from = Repositories.create(here.handle());
        Repository same = Repositories.open(here.handle())) {
      Repositories.backup(from, tree());
      assertThrows(ConfigurationException.class, () -> copyAll(from, same));
    }
  }

  @Test
  void copy_ofWhatIsForgotten_saysSo() {
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle());
        Repository elsewhere = Repositories.create(new MemoryStore())) {
      Snapshot foreign = Repositories.backup(elsewhere, tree());

      CopyReport report = from.copy(List.of(foreign), to, CopyOptions.defaults());

      assertEquals(foreign.id(), report.notCopied().get(0).id());
      assertFalse(report.complete());
    }
  }

  @Test
  void copy_dryRun_saysWhatWouldBeAndStoresNothing() {
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, tree());
      int items = there.keys().size();

      CopyReport report =
          from.copy(from.snapshots().list(), to, CopyOptions.builder().dryRun().build());

      assertEquals(1, report.copied().size());
      assertEquals(Optional.empty(), report.copied().get(0).copy());
      assertEquals(items, there.keys().size());
    }
  }

  @Test
  void copy_tagOnTheWrongSnapshot_doesNoHarm() {
    MemorySource one = new MemorySource().file("a", 50_000, 1).file("b", "same");
    MemorySource other = tree().file("a", 50_000, 2).file("b", "wrong");
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Snapshot first = Repositories.backup(from, one);
      BackupOptions lie =
          BackupOptions.builder().tag("varve.original", first.id().hex()).rereading().build();
      to.backup(other, lie);
      one.file("c", "more");
      Repositories.backup(from, one);

      CopyReport report = copyAll(from, to);

      assertEquals(1, report.present().size(), "That is what the tag says");
      Repositories.assertRestores(to, report.copied().get(0).copy().orElseThrow(), one);
    }
  }

  @Test
  void copy_damagedSnapshot_isNamedAndOthersAreCopied() {
    MemorySource good = new MemorySource(new SourceIdentity("memory", "good", "test"));
    good.file("x", 40_000, 7);
    try (Repository from = Repositories.create(here.handle())) {
      Repositories.backup(from, tree());
    }
    List<String> packs = dataPacks();
    try (Repository from = Repositories.open(here.handle())) {
      Repositories.backup(from, good);
    }
    damage(packs);
    try (Repository from = Repositories.open(here.handle());
        Repository to = Repositories.create(there.handle())) {
      CopyReport report = copyAll(from, to);

      assertEquals(1, report.notCopied().size());
      String reason = report.notCopied().get(0).reason();
      assertTrue(reason.contains("is damaged at"), reason);
      assertEquals(1, report.copied().size());
      Repositories.assertRestores(to, report.copied().get(0).copy().orElseThrow(), good);

      CopyReport holed =
          from.copy(from.snapshots().list(), to, CopyOptions.builder().leavingOutDamaged().build());
      assertEquals(List.of(), holed.notCopied());
      Snapshot copy = holed.copied().get(0).copy().orElseThrow();
      List<Problem> problems = to.problems(copy);
      assertFalse(problems.isEmpty());
      CollectingTarget target = new CollectingTarget();
      assertTrue(to.restore(copy, target).complete());
      List<EntryPath> all = new ArrayList<>(target.collected().keySet());
      problems.forEach(problem -> all.add(problem.path().orElseThrow()));
      assertEquals(tree().entries().keySet(), new TreeSet<>(all));
      assertClean(to);
    }
  }

  @Test
  void copy_sourceBreaksOff_leavesWhatItStoredToTheNext() {
    MemorySource source = new MemorySource();
    for (int i = 0; i < 40; i++) {
      source.file("file" + i, 300_000, i);
    }
    try (Repository from = Repositories.create(here.handle())) {
      Repositories.backup(from, source);
    }
    AtomicInteger reads = new AtomicInteger();
    Store breaking =
        new ForwardingStore(here.handle()) {
          @Override
          public void read(String key, long offset, ByteBuffer into) throws IOException {
            if (key.startsWith("packs/") && reads.incrementAndGet() > 6) {
              throw new IOException("The network is gone");
            }
            super.read(key, offset, into);
          }
        };
    Repositories.create(there.handle()).close();
    // All that was read before has been stored, whichever thread is slow.
    try (Repository from = Repositories.openInline(breaking);
        Repository to = Repositories.openInline(there.handle())) {
      assertThrows(BackupException.class, () -> copyAll(from, to));
      assertTrue(to.snapshots().isEmpty());
    }
    try (Repository from = Repositories.open(here.handle());
        Repository to = Repositories.open(there.handle())) {
      CopyReport report = copyAll(from, to);

      long added = report.statistics().addedBytes();
      assertTrue(added < 12_000_000 - 1_000_000, added + " bytes were stored again");
      Repositories.assertRestores(to, report.copied().get(0).copy().orElseThrow(), source);
    }
  }

  @Test
  void copy_anyCallOfTheTargetFails_theNextCompletesIt() throws Exception {
    MemorySource first = tree();
    MemorySource second = tree().file("d/a", "two");
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, first);
      Repositories.backup(from, second);
      assertEquals(0, to.snapshots().list().size());
    }
    FaultSweep.Result result =
        FaultSweep.on(there)
            .only(
                FaultKind.CRASH,
                FaultKind.CRASH_AFTER,
                FaultKind.ACCESS_DENIED,
                FaultKind.SILENT_CORRUPTION)
            .run(
                place -> {
                  try (Repository from = Repositories.openInline(here.handle());
                      Repository to = Repositories.openInline(place)) {
                    copyAll(from, to);
                  }
                },
                (fault, place, failure) -> {
                  requireWords(failure);
                  assertCompletes(place, first, second);
                });
    assertTrue(result.cases() > 60, result.toString());
  }

  @Test
  void copy_anyCallOfTheSourceFails_nothingWrongIsCopied() throws Exception {
    MemorySource first = tree();
    MemorySource second = tree().file("d/a", "two");
    try (Repository from = Repositories.create(here.handle());
        Repository to = Repositories.create(there.handle())) {
      Repositories.backup(from, first);
      Repositories.backup(from, second);
      assertEquals(0, to.snapshots().list().size());
    }
    List<MemoryStore> targets = new ArrayList<>();
    FaultSweep.Result result =
        FaultSweep.on(here)
            .run(
                place -> {
                  MemoryStore target = there.fork();
                  targets.add(target);
                  try (Repository from = Repositories.openInline(place);
                      Repository to = Repositories.openInline(target.handle())) {
                    copyAll(from, to);
                  }
                },
                (fault, place, failure) -> {
                  requireWords(failure);
                  assertCompletes(targets.get(targets.size() - 1), first, second);
                });
    assertTrue(result.cases() > 60, result.toString());
  }

  private void assertCompletes(MemoryStore target, MemorySource first, MemorySource second) {
    try (Repository from = Repositories.open(here.handle());
        Repository to = Repositories.open(target.handle())) {
      CopyReport report = copyAll(from, to);
      assertTrue(report.complete(), report.toString());
      List<Snapshot> all = to.snapshots().list();
      assertEquals(2, all.size());
      for (Snapshot copy : all) {
        boolean isFirst =
            from.snapshots().list().get(0).id().hex().equals(copy.tags().get("varve.original"));
        Repositories.assertRestores(to, copy, isFirst ? first : second);
      }
    }
  }

  private static CopyReport copyAll(Repository from, Repository to) {
    return from.copy(from.snapshots().list(), to, CopyOptions.defaults());
  }

  private static List<Object> originals(CopyReport report) {
    return report.copied().stream().<Object>map(copied -> copied.original().id()).toList();
  }

  private static List<Entry> entries(Repository repository, Snapshot snapshot) {
    try (Stream<Entry> entries = repository.entries(snapshot)) {
      return entries.toList();
    }
  }

  private List<String> dataPacks() {
    return here.keys("packs/").stream().filter(key -> here.bytes(key).length > 200_000).toList();
  }

  private void damage(List<String> packs) {
    for (String key : packs) {
      byte[] bytes = here.bytes(key);
      bytes[bytes.length / 2] ^= 1;
      here.put(key, bytes);
    }
  }

  private static void assertClean(Repository repository) {
    CheckReport report =
        repository.check(CheckOptions.builder().level(CheckOptions.Level.DATA).build());
    assertTrue(report.clean(), () -> report.findings().toString());
  }

  private static void requireWords(Optional<Throwable> failure) {
    if (failure.isPresent() && !(failure.get() instanceof BackupException)) {
      throw new AssertionError("A failure nobody translated", failure.get());
    }
  }
}
