package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One state of a small universe: the folded log, what rests in the store in truth, what is on its
 * way to the log, and what is owed to the owners of snapshots. Changed only while it is made.
 */
final class World {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final Map<SnapshotId, SnapshotRecord> RECORDS = new ConcurrentHashMap<>();

  private static final RecordHeader HEADER =
      new RecordHeader(
          new RecordId(0, 0), SlotHash.NONE, Instant.EPOCH, Instant.EPOCH, "explorer", List.of());

  /** An entry of a run. */
  record Claim(ChunkId chunk, PackName pack) {}

  /**
   * A record that its author is about to append, the chunks that its snapshot relies on, and
   * whether the author has met a lost slot and waits until somebody does something about it.
   */
  record Pending(LogRecord record, Set<ChunkId> promise, boolean stuck) {

    Pending(LogRecord record, Set<ChunkId> promise) {
      this(record, promise, false);
    }
  }

  final Scenario scenario;
  final Map<Scenario.Move, Integer> budget;
  LogState folded;
  Optional<LogState> lossy = Optional.empty();
  long lostSlot;
  boolean waited;
  boolean ever;
  final List<Pending> pending;
  final List<LogEntry> log;
  final Map<PackName, Set<ChunkId>> stored;
  final Map<RunName, Set<Claim>> runs;
  final Map<SnapshotId, Set<ChunkId>> contents;
  final Map<SnapshotId, Set<ChunkId>> owed;
  final Set<SnapshotId> pins;
  final Set<PackName> doomed;
  private long stateHash;

  World(Scenario scenario) {
    this.scenario = scenario;
    budget = new EnumMap<>(Scenario.Move.class);
    budget.putAll(scenario.budget());
    folded = LogState.EMPTY;
    pending = new ArrayList<>();
    log = new ArrayList<>();
    stored = new TreeMap<>();
    runs = new TreeMap<>();
    contents = new TreeMap<>();
    owed = new TreeMap<>();
    pins = new TreeSet<>();
    doomed = new TreeSet<>();
    fold(new Settings(new RepositoryId(0, 1), ChunkerSizes.DEFAULT, 3, List.of()));
    scenario.setup().accept(this);
  }

  private World(World from) {
    scenario = from.scenario;
    budget = new EnumMap<>(from.budget);
    folded = from.folded;
    lossy = from.lossy;
    lostSlot = from.lostSlot;
    waited = from.waited;
    ever = from.ever;
    pending = new ArrayList<>(from.pending);
    log = new ArrayList<>(from.log);
    stored = new TreeMap<>(from.stored);
    runs = new TreeMap<>(from.runs);
    contents = new TreeMap<>(from.contents);
    owed = new TreeMap<>(from.owed);
    pins = new TreeSet<>(from.pins);
    doomed = new TreeSet<>(from.doomed);
    stateHash = from.stateHash;
  }

  World copy() {
    return new World(this);
  }

  boolean may(Scenario.Move move) {
    return budget.getOrDefault(move, 0) > 0;
  }

  void spend(Scenario.Move move) {
    budget.merge(move, -1, Integer::sum);
  }

  /** A name nobody else has: the same for the n-th move of a kind, whenever it is made. */
  @SuppressWarnings("EnumOrdinal") // The number means nothing outside of this process.
  long fresh(Scenario.Move move) {
    return 100L * (move.ordinal() + 1) + budget.getOrDefault(move, 0);
  }

  static ChunkId chunk(int number) {
    byte[] bytes = new byte[ChunkId.BYTES];
    bytes[0] = (byte) number;
    return ChunkId.at(bytes, 0);
  }

  static Set<ChunkId> chunks(List<Integer> numbers) {
    return numbers.stream().map(World::chunk).collect(Collectors.toCollection(TreeSet::new));
  }

  /** A snapshot of this content. */
  SnapshotRecord snapshot(long number, Set<ChunkId> content) {
    SnapshotId id = new SnapshotId(String.format("%032x", number));
    contents.put(id, content);
    return record(id);
  }

  static SnapshotRecord record(SnapshotId id) {
    return RECORDS.computeIfAbsent(id, World::newRecord);
  }

  private static SnapshotRecord newRecord(SnapshotId id) {
    return new SnapshotRecord(
        id,
        new SourceIdentity("files", "s", "h"),
        Instant.EPOCH,
        new TreeMap<>(),
        Statistics.NONE,
        0,
        "x",
        CatalogRoot.EMPTY,
        ChunkList.EMPTY);
  }

  /** Stores a pack, durable before any record speaks of it. */
  NewPack storePack(long number, Set<ChunkId> chunks) {
    PackName name = new PackName(0, number);
    stored.put(name, chunks);
    return new NewPack(name, PackKind.DATA, 1);
  }

  NewRun storeRun(long number, Set<Claim> claims) {
    RunName name = new RunName(0, number);
    runs.put(name, claims);
    return new NewRun(name, 1);
  }

  static Set<Claim> claims(NewPack pack, Set<ChunkId> chunks) {
    return chunks.stream()
        .map(chunk -> new Claim(chunk, pack.name()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Commits a snapshot of these chunks in one new pack; for setups. */
  void committed(int number, List<Integer> content) {
    Set<ChunkId> chunks = chunks(content);
    SnapshotRecord snapshot = snapshot(number, chunks);
    NewPack pack = storePack(number, chunks);
    NewRun run = storeRun(number, claims(pack, chunks));
    owed.put(snapshot.id(), chunks);
    fold(
        new Snapshots(
            folded.slot(),
            new CallId(0, 0),
            List.of(snapshot),
            List.of(),
            List.of(pack),
            List.of(run)));
  }

  /** Registers a pack that holds {@code truth} and is said to hold {@code claimed}; for setups. */
  void registered(int number, List<Integer> truth, List<Integer> claimed) {
    NewPack pack = storePack(number, chunks(truth));
    NewRun run = storeRun(number, claims(pack, chunks(claimed)));
    fold(new Index(folded.slot(), List.of(), List.of(run), List.of(pack)));
  }

  void fold(LogRecord record) {
    LogEntry entry = entry(folded.slot() + 1, record);
    folded = fold(folded, entry);
    remember(entry);
    rehash();
  }

  private LogState fold(LogState state, LogEntry entry) {
    LogState next = state.fold(entry);
    if (entry.record() instanceof VoidSlots) {
      if (scenario.has(Flaw.VOID_WITHOUT_RETIRING)) {
        return withPacks(next, state.packs);
      }
      if (scenario.has(Flaw.VOID_SPARES_RETIRED)) {
        NameTable.Editor packs = next.packs.edit();
        state.forEachPack(
            pack -> {
              if (pack.isRetired()) {
                pack.put(packs);
              }
            });
        return withPacks(next, packs.table());
      }
    }
    return next;
  }

  static LogState withPacks(LogState state, NameTable packs) {
    return new LogState(
        state.settings,
        state.slot,
        state.hash,
        state.storedBytes,
        state.previousMillis,
        state.headTime,
        packs,
        state.runs,
        state.damage,
        state.snapshots,
        state.calls,
        state.voided,
        state.voids,
        state.unknown);
  }

  static LogEntry entry(long slot, LogRecord record) {
    return new LogEntry(slot, SlotHash.NONE, 0, HEADER, record);
  }

  /** What whoever begins something now takes for the state. */
  LogState view() {
    return scenario.has(Flaw.APPEND_ACROSS_GAP) ? lossy.orElse(folded) : folded;
  }

  /** Appends a pending record; if {@code lost}, nobody can read its slot afterwards. */
  void append(Pending landing, boolean lost) {
    pending.remove(landing);
    LogEntry entry = entry(folded.slot() + 1, landing.record());
    List<Pending> others = List.copyOf(pending);
    pending.clear();
    others.forEach(
        other -> {
          Optional<Pending> still = still(other, entry);
          still.ifPresent(pending::add);
          if (lost && still.filter(other::equals).isEmpty()) {
            pending.add(new Pending(other.record(), other.promise(), true));
          }
        });
    if (landing.record() instanceof VoidSlots) {
      folded = fold(lossy.orElseThrow(), entry);
      lossy = Optional.empty();
    } else {
      lossy =
          lost
              ? Optional.of(new Folding(folded).skip(entry.slot(), SlotHash.NONE).state())
              : lossy.map(state -> fold(state, entry));
      folded = fold(folded, entry);
    }
    remember(entry);
    settle(landing, lost);
    if (lost) {
      lostSlot = entry.slot();
      ever = true;
    }
    rehash();
  }

  /** Keeps as much of the log as a backup may have begun before. */
  private void remember(LogEntry entry) {
    log.add(entry);
    if (log.size() > scenario.lag()) {
      log.remove(0);
    }
  }

  /** What is owed after a record landed. */
  private void settle(Pending landing, boolean lost) {
    LogRecord record = landing.record();
    if (record instanceof Snapshots made && !lost) {
      made.snapshots().forEach(snapshot -> owed.put(snapshot.id(), landing.promise()));
    } else if (record instanceof Undelete made && !lost) {
      owed.put(made.snapshot().id(), landing.promise());
    } else if (record instanceof Forget made) {
      made.dropped().forEach(owed::remove);
    } else if (record instanceof Attributes made && !lost) {
      pins.addAll(made.snapshots());
    } else if (record instanceof Condemn made && lost) {
      made.packs().forEach(pack -> doomed.add(pack.name()));
    }
  }

  /** What becomes of a pending record when {@code entry} lands before it. */
  private Optional<Pending> still(Pending mine, LogEntry entry) {
    if (scenario.has(Flaw.NO_VALIDATION_AFTER_REFUSAL)) {
      return Optional.of(mine);
    }
    List<Conflict> conflicts =
        Conflicts.of(List.of(entry(entry.slot(), flawed(entry.record()))), flawed(mine.record()));
    if (conflicts.isEmpty()) {
      return Optional.of(mine);
    }
    Conflict conflict = conflicts.get(0);
    boolean lost = !conflict.lost().isEmpty() && !scenario.has(Flaw.USES_MAY_BE_KILLED);
    boolean held = !conflict.held().isEmpty() && !scenario.has(Flaw.KILLS_MAY_BE_USED);
    if (scenario.has(Flaw.VOID_WITHOUT_CONFLICTS) && conflict.lost().all()) {
      return Optional.of(new Pending(mine.record(), mine.promise()));
    }
    if (!lost && !held) {
      return Optional.of(mine);
    }
    if (!lost && conflict.onlyHeld() && mine.record() instanceof Condemn made) {
      Condemn rest = made.without(conflict.held().packs(), conflict.held().runs());
      if (!rest.packs().isEmpty() || !rest.runs().isEmpty()) {
        return Optional.of(new Pending(rest, mine.promise()));
      }
    }
    return Optional.empty();
  }

  private LogRecord flawed(LogRecord record) {
    if (scenario.has(Flaw.NEW_RUN_UNUSED)) {
      if (record instanceof Snapshots made) {
        return new Snapshots(
            made.base(), made.call(), made.snapshots(), made.drawn(), List.of(), List.of());
      } else if (record instanceof Partial made) {
        return new Partial(made.base(), made.call(), made.sources(), List.of(), List.of());
      } else if (record instanceof Index made) {
        return new Index(made.base(), made.replaced(), List.of(), List.of());
      }
    }
    if (scenario.has(Flaw.RETIRE_SLOT_IGNORED) && record instanceof Condemn made) {
      return new Condemn(
          made.base(),
          made.packs().stream().map(pack -> new RetiredPack(pack.name(), 0)).toList(),
          made.runs(),
          made.keepers());
    }
    if (scenario.has(Flaw.KEPT_UNUSED) && record instanceof Forget made) {
      return new Forget(made.base(), made.dropped(), List.of());
    }
    return record;
  }

  /** The chunks a snapshot live in {@code state} reaches. */
  Set<ChunkId> live(LogState state) {
    Set<ChunkId> live = new HashSet<>();
    state.snapshots().forEach(snapshot -> live.addAll(contents.get(snapshot.id())));
    return live;
  }

  /** Where the live runs of a state say that a chunk lies. */
  Stream<PackName> claimed(LogState state, ChunkId chunk) {
    return runs.entrySet().stream()
        .filter(run -> state.run(run.getKey()).isLive())
        .flatMap(run -> run.getValue().stream())
        .filter(claim -> claim.chunk().equals(chunk))
        .map(Claim::pack)
        .distinct();
  }

  boolean holds(PackName pack, ChunkId chunk) {
    return stored.getOrDefault(pack, Set.of()).contains(chunk);
  }

  /** What an appender finds out about the store as it is now. */
  Evidence evidence(LogState state, LogRecord record) {
    return new FoundEvidence(this, state, record);
  }

  /** What is broken, if anything is. */
  Optional<String> violation() {
    for (Map.Entry<SnapshotId, Set<ChunkId>> debt : owed.entrySet()) {
      for (ChunkId chunk : debt.getValue()) {
        if (!isSafe(chunk)) {
          return Optional.of("snapshot " + debt.getKey() + " has lost chunk " + chunk);
        }
      }
    }
    if (lossy.isEmpty() && !ever) {
      for (SnapshotId id : owed.keySet()) {
        if (folded.findSnapshot(id).isEmpty()) {
          return Optional.of("snapshot " + id + " is owed and not there");
        }
      }
      for (SnapshotId id : pins) {
        if (folded.findSnapshot(id).isEmpty()) {
          return Optional.of("snapshot " + id + " was pinned and is forgotten");
        }
      }
    }
    if (scenario.budget().containsKey(Scenario.Move.KEEP_LAST) && owed.isEmpty()) {
      return Optional.of("everybody kept one, and none is left");
    }
    return Optional.empty();
  }

  private boolean isSafe(ChunkId chunk) {
    return stored.entrySet().stream()
        .anyMatch(
            pack ->
                pack.getValue().contains(chunk)
                    && !folded.pack(pack.getKey()).isCondemned()
                    && (ever || claimed(folded, chunk).anyMatch(pack.getKey()::equals)));
  }

  private void rehash() {
    long[] hash = {lossy.isPresent() ? 17 : 3};
    for (LogEntry entry : log) {
      Encoder out = new Encoder(256).u8(entry.record().kind().code());
      entry.record().write(out);
      hash[0] = mix(hash[0] + entry.record().base(), out.array(), out.length());
    }
    StateCodec.write(folded, piece -> hash[0] = mix(hash[0], piece, piece.length));
    lossy.ifPresent(
        state -> StateCodec.write(state, piece -> hash[0] = mix(hash[0], piece, piece.length)));
    stateHash = hash[0];
  }

  /** Equal for worlds from which the same can follow. */
  @SuppressWarnings("EnumOrdinal") // The number means nothing outside of this process.
  long fingerprint() {
    Encoder out = new Encoder(512);
    out.u64(stateHash).varint(lostSlot).u8(waited ? 1 : 0).u8(ever ? 1 : 0);
    budget.forEach((move, left) -> out.u8(move.ordinal()).u8(left));
    stored.forEach((pack, chunks) -> out.varint(pack.low()).u64(bits(chunks)));
    out.u8(255);
    runs.forEach(
        (run, claims) -> {
          out.varint(run.low());
          claims.stream()
              .mapToLong(claim -> mix(claim.pack().low(), claim.chunk().prefix()))
              .sorted()
              .forEach(out::u64);
        });
    out.u8(255);
    contents.forEach((id, chunks) -> out.varint(number(id)).u64(bits(chunks)));
    out.u8(255);
    owed.forEach((id, chunks) -> out.varint(number(id)).u64(bits(chunks)));
    out.u8(255);
    pins.forEach(id -> out.varint(number(id)));
    doomed.forEach(pack -> out.varint(pack.low()));
    long sum = 0;
    Encoder one = new Encoder(256);
    for (Pending draft : pending) {
      one.clear().u8(draft.record().kind().code()).varint(draft.record().base());
      draft.record().write(one);
      one.u64(bits(draft.promise())).u8(draft.stuck() ? 1 : 0);
      sum += mix(1, one.array(), one.length());
    }
    return mix(sum, out.array(), out.length());
  }

  private static long number(SnapshotId id) {
    return LiveSnapshot.Key.of(id).low();
  }

  private static long bits(Set<ChunkId> chunks) {
    long bits = 0;
    for (ChunkId chunk : chunks) {
      bits |= 1L << (chunk.prefix() >>> 56);
    }
    return bits;
  }

  private static long mix(long seed, byte[] bytes, int length) {
    long hash = seed ^ length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = (hash ^ (long) LONG.get(bytes, at)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    for (; at < length; at++) {
      hash = (hash ^ bytes[at]) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    return mix(hash, 1);
  }

  private static long mix(long a, long b) {
    long hash = (a ^ Long.rotateLeft(b, 32)) * 0xBF58_476D_1CE4_E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D0_49BB_1331_11EBL;
    return hash ^ hash >>> 31;
  }
}
