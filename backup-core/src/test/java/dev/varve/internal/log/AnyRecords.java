package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.Tally;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Draws records of every kind, all fields of them; names from a small pool if told so, so that
 * records meet.
 */
final class AnyRecords {

  private final Random random;
  private final int pool;

  /** Names from 0 to {@code pool - 1}; any names if that is 0. */
  AnyRecords(long seed, int pool) {
    this.random = new Random(seed);
    this.pool = pool;
  }

  LogRecord settings() {
    return new Settings(
        new RepositoryId(random.nextLong(), random.nextLong()),
        ChunkerSizes.of(4096 + random.nextInt(1000), 100_000, 8 << 20),
        random.nextInt(30) - 7,
        list(3, this::text));
  }

  /** A record of any kind but settings. */
  LogRecord record(long base) {
    return record(base, one(List.of(RecordKind.values()).subList(1, 11)));
  }

  LogRecord record(long base, RecordKind kind) {
    return switch (kind) {
      case SETTINGS -> settings();
      case SNAPSHOTS ->
          new Snapshots(base, call(), list(3, this::snapshot), packs(), newPacks(), newRuns());
      case PARTIAL -> new Partial(base, call(), list(2, this::identity), newPacks(), newRuns());
      case FORGET -> new Forget(base, list(3, this::id), list(3, this::id));
      case UNDELETE ->
          new Undelete(
              base,
              snapshot(),
              random.nextInt(1 + (int) base),
              random.nextBoolean() ? Optional.empty() : Optional.of(instant()),
              packs());
      case ATTRIBUTES ->
          new Attributes(
              base,
              list(3, this::id),
              one(List.of(Attributes.Pin.values())),
              tags(),
              list(2, this::text));
      case INDEX -> new Index(base, list(3, this::run), newRuns(), newPacks());
      case RETIRE -> new Retire(base, packs(), packs());
      case CONDEMN ->
          new Condemn(
              base,
              list(3, () -> new RetiredPack(pack(), random.nextInt(1000))),
              list(3, this::run),
              packs());
      case DAMAGE -> new Damage(base, list(3, this::blocks), list(2, this::blocks));
      case VOID ->
          new VoidSlots(base, list(2, () -> new VoidedSlot(1 + random.nextInt(1000), hash())));
      case UNKNOWN -> throw new IllegalArgumentException();
    };
  }

  RecordHeader header() {
    return new RecordHeader(
        new RecordId(random.nextLong(), random.nextLong()),
        hash(),
        instant(),
        instant(),
        text(),
        List.of());
  }

  private SnapshotRecord snapshot() {
    return new SnapshotRecord(
        id(),
        identity(),
        instant(),
        tags(),
        statistics(),
        random.nextInt(5),
        text(),
        new CatalogRoot(chunks(), random.nextInt(1000), random.nextInt(1000)),
        chunks());
  }

  private Statistics statistics() {
    return new Statistics(
        tally(),
        tally(),
        tally(),
        random.nextLong(),
        random.nextInt(),
        random.nextInt(100),
        random.nextInt(100),
        random.nextInt(100),
        random.nextInt(100),
        Duration.ofNanos(random.nextLong()),
        Map.of("rows", random.nextLong(), text(), 1L));
  }

  private Tally tally() {
    return new Tally(random.nextInt(100), random.nextInt(100), random.nextLong());
  }

  private ChunkList chunks() {
    return new ChunkList(random.nextInt(3), list(4, this::chunk));
  }

  private ChunkRef chunk() {
    byte[] id = new byte[ChunkId.BYTES];
    random.nextBytes(id);
    return new ChunkRef(ChunkId.at(id, 0), 1 + random.nextInt(1 << 20));
  }

  private SortedMap<String, String> tags() {
    SortedMap<String, String> tags = new TreeMap<>();
    list(3, this::text).forEach(name -> tags.put(name, text()));
    return tags;
  }

  private String text() {
    String[] texts = {"a", "env", "größe", "日本", "release 4.2", "x".repeat(100)};
    return texts[random.nextInt(texts.length)] + random.nextInt(10);
  }

  private SourceIdentity identity() {
    return new SourceIdentity("files", text(), "host-" + random.nextInt(4));
  }

  private Instant instant() {
    return Instant.ofEpochMilli(random.nextInt(4) == 0 ? -random.nextLong() / 2 : random.nextInt());
  }

  private SlotHash hash() {
    byte[] bytes = new byte[SlotHash.BYTES];
    random.nextBytes(bytes);
    return new SlotHash(HexFormat.of().formatHex(bytes));
  }

  private CallId call() {
    return new CallId(high(), low());
  }

  private SnapshotId id() {
    HexFormat hex = HexFormat.of();
    return new SnapshotId(hex.toHexDigits(high()) + hex.toHexDigits(low()));
  }

  private PackName pack() {
    return new PackName(high(), low());
  }

  private RunName run() {
    return new RunName(high(), low());
  }

  private PackBlocks blocks() {
    return new PackBlocks(pack(), list(4, () -> random.nextInt(40)));
  }

  private List<PackName> packs() {
    return list(4, this::pack);
  }

  private List<NewPack> newPacks() {
    return list(
        4,
        () ->
            new NewPack(
                pack(),
                one(List.of(PackKind.values()).subList(0, 2)),
                random.nextInt(Integer.MAX_VALUE)));
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private List<NewRun> newRuns() {
    return list(3, () -> new NewRun(run(), random.nextInt(Integer.MAX_VALUE)));
  }

  private long high() {
    return pool == 0 ? random.nextLong() : 0;
  }

  private long low() {
    return pool == 0 ? random.nextLong() : random.nextInt(pool);
  }

  private <T> List<T> list(int most, Supplier<T> member) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      list.add(member.get());
    }
    return list;
  }
}
