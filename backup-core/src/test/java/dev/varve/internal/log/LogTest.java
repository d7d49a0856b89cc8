package dev.varve.internal.log;

import static dev.varve.internal.log.LogFixture.retiring;
import static dev.varve.internal.log.Samples.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.FaultKind;
import dev.varve.testkit.FaultPlan;
import dev.varve.testkit.FaultSweep;
import dev.varve.testkit.FaultyStore;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.StoreCall;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Appending: what lands, lands once, and only while it is valid. */
class LogTest {

  private final LogFixture fixture = new LogFixture();

  @Test
  void created_hasItsSettings() throws IOException {
    assertEquals(Samples.SETTINGS, fixture.create().state().settings());
    assertEquals(Samples.SETTINGS, fixture.open().state().settings());
    assertThrows(FileAlreadyExistsException.class, fixture::create);
  }

  @Test
  void nothingThere_isNoLog() {
    assertThrows(NoSuchFileException.class, fixture::open);
  }

  @Test
  void created_whenTheReplyIsLost_isThereAllTheSame() throws IOException {
    Store store =
        new FaultyStore(fixture.store, FaultPlan.nth(1, FaultKind.APPLIED_BUT_REPLY_LOST));
    Log.create(fixture.place(store, RememberedHead.NONE), Samples.SETTINGS);
    assertEquals(0, fixture.open().state().slot());
  }

  @Test
  void appended_isReadByOthers_withTheStoresTime() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    LogEntry entry = log.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    assertEquals(1, entry.slot());
    assertEquals(0, other.state().slot());
    LogState state = other.refresh();
    Instant shown = Instant.ofEpochSecond(1002);
    assertEquals(Optional.of(shown), state.timeOf(state.findSnapshot(id(1)).orElseThrow()));
    log.append(retiring(5));
    LogState later = other.refresh();
    assertEquals(Optional.of(shown), later.timeOf(later.findSnapshot(id(1)).orElseThrow()));
  }

  @Test
  void manyAtOnce_eachLandsOnce() throws Exception {
    fixture.create();
    int writers = 8;
    int each = 12;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int first = w * each;
        Log log = fixture.open();
        running.add(
            threads.submit(
                () -> {
                  for (int i = first; i < first + each; i++) {
                    log.append(retiring(i));
                  }
                  return log;
                }));
      }
      for (Future<?> run : running) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
    List<Long> retired = fixture.retired();
    assertEquals(writers * each, retired.size());
    assertEquals(writers * each, new HashSet<>(retired).size());
  }

  @Test
  void oneLogSharedByThreads_eachLandsOnce() throws Exception {
    Log log = fixture.create();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Draft draft = retiring(i);
        running.add(threads.submit(() -> log.append(draft)));
      }
      for (Future<?> run : running) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(
        LongStream.range(0, 40).boxed().toList(), fixture.retired().stream().sorted().toList());
  }

  /**
   * Every call of an append going wrong in every way: it lands at most once, and tells the truth.
   */
  @Test
  void anyFault_neverLandsTwice_andAnAnswerIsTrue() throws Exception {
    fixture.filled(3);
    assertTrue(sweep(Log.Start.SLOT_0).cases() > 40);
  }

  @Test
  void anyFault_openedAtACheckpoint_neverLandsTwice_andAnAnswerIsTrue() throws Exception {
    fixture.filled(Checkpoints.LEAST_SLOTS).checkpoint();
    assertTrue(sweep(Log.Start.CHECKPOINT).cases() > 40);
  }

  private FaultSweep.Result sweep(Log.Start start) throws Exception {
    return FaultSweep.on(fixture.store)
        .run(
            store ->
                Log.open(fixture.place(store, RememberedHead.NONE), start).append(retiring(900)),
            (fault, after, failure) -> {
              Log log = Log.open(fixture.place(after, RememberedHead.NONE), Log.Start.SLOT_0);
              long landed = LogFixture.retired(log).stream().filter(pack -> pack == 900).count();
              boolean doubtful =
                  failure.filter(AppendUnknownException.class::isInstance).isPresent();
              if (failure.isEmpty()) {
                assertEquals(1, landed);
              } else if (!doubtful) {
                assertEquals(0, landed);
              }
              log.append(retiring(901));
              assertTrue(landed <= 1);
            });
  }

  /** A request that times out and is carried out much later. */
  @Test
  void appliedLate_landsOnce() throws IOException {
    fixture.filled(1);
    for (int late = 1; late <= 3; late++) {
      MemoryStore place = fixture.store.fork();
      Store store = new LateStore(place, late);
      Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0).append(retiring(42));
      Log log = Log.open(fixture.place(place, RememberedHead.NONE), Log.Start.SLOT_0);
      assertEquals(List.of(1L, 42L), LogFixture.retired(log));
    }
  }

  @Test
  void refusedByPermission_isTold_andNotTriedAgain() throws IOException {
    fixture.filled(1);
    Store store =
        new FaultyStore(
            fixture.store, FaultPlan.always(FaultKind.ACCESS_DENIED).on(StoreCall.CREATE).first(1));
    Log log = Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0);
    assertThrows(AccessDeniedException.class, () -> log.append(retiring(42)));
    assertEquals(List.of(1L), fixture.retired());
  }

  @Test
  void storeThatNeverAnswers_isDoubtful() throws IOException {
    fixture.filled(1);
    Store store =
        new FaultyStore(fixture.store, FaultPlan.always(FaultKind.TIMEOUT).on(StoreCall.CREATE));
    Log log = Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0);
    AppendUnknownException e =
        assertThrows(AppendUnknownException.class, () -> log.append(retiring(42)));
    assertInstanceOf(SocketTimeoutException.class, e.getCause());
  }

  @Test
  void overtakenByWhatConflicts_isRefused_andNamesIt() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    log.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    Forget forget = Samples.forget(1, 1);
    other.append(
        Draft.computed(
            state ->
                new Attributes(
                    state.slot(), List.of(id(1)), Attributes.Pin.SET, new TreeMap<>(), List.of())));
    LogConflictException e =
        assertThrows(LogConflictException.class, () -> log.append(Draft.of(forget)));
    assertTrue(
        String.valueOf(e.getMessage()).contains("ATTRIBUTES in slot 2 relies on snapshot"),
        e.toString());
    assertEquals(Set.of(id(1)), e.conflicts().get(0).held().snapshots());
    assertEquals(2, log.refresh().slot());
  }

  /** Overtaken while it computes: refused, validated again, and appended at the new head. */
  @Test
  void overtakenByWhatDoesNotConflict_keepsItsBase() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    LogEntry entry =
        log.append(
            state -> {
              other.append(retiring(7));
              return Samples.partial(state.slot(), 1);
            });
    assertEquals(2, entry.slot());
    assertEquals(0, entry.record().base());
  }

  @Test
  void overtakenByWhatConflicts_isComputedAgainAtTheHead() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    List<Long> states = new ArrayList<>();
    Draft draft =
        new Draft() {
          @Override
          public LogRecord compute(LogState state) throws IOException {
            other.append(Draft.computed(head -> Samples.damaged(head.slot(), 3)));
            return Samples.snapshots(state.slot(), 1);
          }

          @Override
          public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state) {
            assertEquals(Set.of(Samples.pack(3)), conflicts.get(0).lost().packs());
            states.add(state.slot());
            return Samples.snapshots(state.slot(), 1);
          }
        };
    LogEntry entry = log.append(draft);
    assertEquals(List.of(1L), states);
    assertEquals(2, entry.slot());
    assertEquals(1, entry.record().base());
  }

  @Test
  void draftThatInsistsOnItsBase_isRefused() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    Snapshots stubborn = Samples.snapshots(0, 1);
    other.append(Draft.computed(head -> Samples.damaged(head.slot(), 3)));
    Draft draft =
        new Draft() {
          @Override
          public LogRecord compute(LogState state) {
            return stubborn;
          }

          @Override
          public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state) {
            return record;
          }
        };
    assertThrows(LogConflictException.class, () -> log.append(draft));
    assertEquals(1, fixture.open().state().slot());
  }

  @Test
  void conflictsFarBack_areReadFromTheStore() throws IOException {
    Log log = fixture.create();
    log.append(Draft.computed(state -> Samples.snapshots(state.slot(), 1)));
    log.append(Draft.computed(state -> Samples.damaged(state.slot(), 1)));
    for (int i = 0; i < 5; i++) {
      log.append(retiring(i));
    }
    Log fresh = fixture.open();
    assertEquals(7, fresh.entries(1, 7).size());
    assertThrows(LogConflictException.class, () -> fresh.append(Draft.of(Samples.snapshots(1, 2))));
  }

  @Test
  void newerSoftware_canBeReadBehind_butNotWritten() throws IOException {
    Log log = fixture.filled(1);
    SlotItem item = new SlotItem(Samples.REPOSITORY, LogFixture.SEAL);
    byte[] whole = fixture.store.bytes(SlotItem.key(1));
    byte[] predecessor = Arrays.copyOf(whole, SlotItem.ownBytes(whole));
    RecordHeader demanding =
        new RecordHeader(
            RecordId.random(),
            SlotHash.of(predecessor),
            Instant.EPOCH,
            Instant.EPOCH,
            "varve 9",
            List.of("parity"));
    byte[] own = item.seal(2, demanding, Samples.retire(1, 2));
    fixture.store.create(
        SlotItem.key(2), Body.of(List.of(ByteBuffer.wrap(own), ByteBuffer.wrap(predecessor))));
    assertEquals(2, log.refresh().slot());
    assertFalse(log.state().unknown().isEmpty());
    assertThrows(ReadOnlyLogException.class, () -> log.append(retiring(3)));
  }

  @Test
  void audit_findsWhatShouldNotHaveBeenAppended() throws IOException {
    Log log = fixture.filled(300);
    log.append(Draft.computed(state -> Samples.damaged(state.slot(), 1)));
    fixture.force(log, Samples.snapshots(300, 1));
    log.refresh();
    log.append(Draft.computed(state -> Samples.snapshots(state.slot(), 2)));
    List<String> found = new ArrayList<>();
    RecordAudit.of(
        fixture.open(), (entry, conflicts) -> found.add(entry.slot() + ": " + conflicts.get(0)));
    assertEquals(List.of("302: DAMAGE in slot 301 does away with pack " + Samples.pack(1)), found);
  }

  @Test
  void appended_toWhatWasJustListed_isCreatedAndReadBack_andNothingMore() throws IOException {
    fixture.filled(3);
    Asked store = new Asked(fixture.store);
    Log log = Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0);
    store.asked.clear();

    assertEquals(4, log.append(retiring(4)).slot());

    assertEquals(List.of("create " + SlotItem.key(4), "read " + SlotItem.key(4)), store.asked);
    assertEquals(List.of(1L, 2L, 3L, 4L), fixture.retired());
  }

  @Test
  void appended_afterOnesOwn_tellsTheTimeThatIsListed() throws IOException {
    Log log = fixture.create();
    log.append(retiring(1));
    Asked store = new Asked(fixture.store);
    Log other = Log.open(fixture.place(store, RememberedHead.NONE), Log.Start.SLOT_0);
    store.lateBySeconds = 7;
    assertEquals(2, other.append(retiring(2)).slot());
    assertEquals(Optional.of(Instant.ofEpochSecond(1003 + 7)), other.state().headTime());

    LogEntry entry = other.append(retiring(3));

    assertEquals(Instant.ofEpochSecond(1003), entry.predecessorTime());
  }

  @Test
  void appended_whenOthersCameFirst_followsThem() throws IOException {
    Log log = fixture.create();
    Log other = fixture.open();
    other.append(retiring(1));
    other.append(retiring(2));

    assertEquals(3, log.append(retiring(3)).slot());
    assertEquals(List.of(1L, 2L, 3L), fixture.retired());
  }

  @Test
  void appended_someoneElsesIsReadBack_isTriedAgain() throws IOException {
    fixture.filled(1);
    byte[] foreign = sealedAfterOne(retiring(90));
    Store lying =
        new ForwardingStore(fixture.store) {
          private boolean used;

          @Override
          public Stored create(String key, Body body) throws IOException {
            if (used) {
              return super.create(key, body);
            }
            used = true;
            // Both were told that they created it.
            Stored stored = super.create(key, Body.of(foreign));
            return new Stored(key, stored.size(), stored.time());
          }
        };
    Log log = Log.open(fixture.place(lying, RememberedHead.NONE), Log.Start.SLOT_0);

    assertEquals(3, log.append(retiring(91)).slot());
    assertEquals(List.of(1L, 90L, 91L), fixture.retired());
  }

  /** What slot 2 would be had somebody else appended. */
  private byte[] sealedAfterOne(Draft draft) throws IOException {
    LogFixture elsewhere = new LogFixture();
    for (long slot = 0; slot <= 1; slot++) {
      elsewhere.store.create(SlotItem.key(slot), Body.of(fixture.store.bytes(SlotItem.key(slot))));
    }
    elsewhere.open().append(draft);
    return elsewhere.store.bytes(SlotItem.key(2));
  }

  /** Notes what it is asked for; may tell a creator a later time than it lists. */
  private static final class Asked extends ForwardingStore {
    private final List<String> asked = new ArrayList<>();
    private int lateBySeconds;

    Asked(Store store) {
      super(store);
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      asked.add("create " + key);
      Stored stored = super.create(key, body);
      return new Stored(key, stored.size(), stored.time().plusSeconds(lateBySeconds));
    }

    @Override
    public void read(String key, long offset, ByteBuffer into) throws IOException {
      asked.add("read " + key);
      super.read(key, offset, into);
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      asked.add("list " + prefix);
      return super.list(prefix, startAfter);
    }
  }

  /** Carries the first creation out only while answering a later listing. */
  private static final class LateStore extends ForwardingStore {
    private int listings;
    private Optional<Runnable> late = Optional.empty();
    private boolean used;

    LateStore(Store store, int listings) {
      super(store);
      this.listings = listings;
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      if (used) {
        return super.create(key, body);
      }
      used = true;
      late = Optional.of(() -> createLate(key, body));
      throw new SocketTimeoutException("no answer");
    }

    private void createLate(String key, Body body) {
      try {
        super.create(key, body);
      } catch (IOException e) {
        assertInstanceOf(FileAlreadyExistsException.class, e);
      }
    }

    @Override
    public Page list(String prefix, String startAfter) throws IOException {
      Page page = super.list(prefix, startAfter);
      if (late.isPresent() && --listings == 0) {
        late.get().run();
      }
      return page;
    }
  }
}
