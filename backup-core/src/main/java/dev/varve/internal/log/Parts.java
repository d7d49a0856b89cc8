package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.Tally;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The pieces that several records are made of, written and read. Stateless.
 *
 * <p>A list is a varint count and its members; a text is as {@link Encoder#text}; an instant is its
 * milliseconds since 1970 as {@link Encoder#signed}; a snapshot id is its 16 bytes.
 */
final class Parts {

  /** More members than a record has bytes: the count is bounded by the bytes that follow. */
  static final int MOST = LogRecord.MAX_BYTES;

  static final int MAX_SOFTWARE_BYTES = 128;

  private static final int SNAPSHOT_ID_BYTES = 16;
  private static final int MAX_TAG_BYTES = 1024;
  private static final int MAX_COUNT_NAME_BYTES = 1024;
  private static final int MAX_IDENTITY_BYTES = 3 * SourceIdentity.MAX_LENGTH;

  private Parts() {}

  /** Reads one member of a list. */
  interface Reader<T> {
    T read(Decoder in) throws FormatException;
  }

  static <T> void list(Encoder out, Collection<T> members, BiConsumer<T, Encoder> write) {
    out.varint(members.size());
    members.forEach(member -> write.accept(member, out));
  }

  static <T> List<T> list(Decoder in, int leastBytesEach, Reader<T> reader) throws FormatException {
    int count = in.count(MOST, leastBytesEach);
    List<T> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      members.add(reader.read(in));
    }
    return members;
  }

  static void packs(Encoder out, Collection<PackName> packs) {
    list(out, packs, PackName::write);
  }

  static List<PackName> packs(Decoder in) throws FormatException {
    return list(in, PackName.BYTES, PackName::read);
  }

  static void newPacks(Encoder out, Collection<NewPack> packs) {
    list(out, packs, NewPack::write);
  }

  static List<NewPack> newPacks(Decoder in) throws FormatException {
    return list(in, NewPack.LEAST_BYTES, NewPack::read);
  }

  static void runs(Encoder out, Collection<RunName> runs) {
    list(out, runs, RunName::write);
  }

  static List<RunName> runs(Decoder in) throws FormatException {
    return list(in, RunName.BYTES, RunName::read);
  }

  static void newRuns(Encoder out, Collection<NewRun> runs) {
    list(out, runs, NewRun::write);
  }

  static List<NewRun> newRuns(Decoder in) throws FormatException {
    return list(in, NewRun.LEAST_BYTES, NewRun::read);
  }

  static void snapshotId(SnapshotId id, Encoder out) {
    out.raw(HexFormat.of().parseHex(id.hex()));
  }

  static SnapshotId snapshotId(Decoder in) throws FormatException {
    return new SnapshotId(HexFormat.of().formatHex(in.raw(SNAPSHOT_ID_BYTES)));
  }

  static void snapshotIds(Encoder out, Collection<SnapshotId> ids) {
    list(out, ids, Parts::snapshotId);
  }

  static List<SnapshotId> snapshotIds(Decoder in) throws FormatException {
    return list(in, SNAPSHOT_ID_BYTES, Parts::snapshotId);
  }

  static void instant(Encoder out, Instant time) {
    out.signed(time.toEpochMilli());
  }

  static Instant instant(Decoder in) throws FormatException {
    return Instant.ofEpochMilli(in.signed());
  }

  static void identity(SourceIdentity identity, Encoder out) {
    out.text(identity.toString());
  }

  static SourceIdentity identity(Decoder in) throws FormatException {
    String text = in.text(MAX_IDENTITY_BYTES);
    try {
      return SourceIdentity.parse(text);
    } catch (IllegalArgumentException e) {
      throw new FormatException("A source has a name that cannot be: " + e.getMessage(), e);
    }
  }

  /** Names and values, ascending by name. */
  static void tags(Encoder out, SortedMap<String, String> tags) {
    out.varint(tags.size());
    tags.forEach((name, value) -> out.text(name).text(value));
  }

  static SortedMap<String, String> tags(Decoder in) throws FormatException {
    int count = in.count(MOST, 2);
    SortedMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.text(MAX_TAG_BYTES);
      String value = in.text(MAX_TAG_BYTES);
      requireAscending(tags, name);
      tags.put(name, value);
    }
    return tags;
  }

  static void names(Encoder out, Collection<String> names) {
    list(out, names, (name, to) -> to.text(name));
  }

  static List<String> names(Decoder in) throws FormatException {
    return list(in, 1, decoder -> decoder.text(MAX_TAG_BYTES));
  }

  /**
   * Files, directories and others, each as added, changed, unchanged; content, read, added and
   * stored bytes; chunks, added chunks; duration in ns, signed; the source's own counts, ascending
   * by name. All numbers are varints of 64 bits.
   */
  static void statistics(Encoder out, Statistics statistics) {
    for (Tally tally : List.of(statistics.files(), statistics.directories(), statistics.others())) {
      out.varint(tally.added()).varint(tally.changed()).varint(tally.unchanged());
    }
    out.varint(statistics.contentBytes())
        .varint(statistics.readBytes())
        .varint(statistics.addedBytes())
        .varint(statistics.storedBytes())
        .varint(statistics.chunks())
        .varint(statistics.addedChunks())
        .signed(statistics.duration().toNanos())
        .varint(statistics.counts().size());
    new TreeMap<>(statistics.counts()).forEach((name, n) -> out.text(name).varint(n));
  }

  static Statistics statistics(Decoder in) throws FormatException {
    Tally files = tally(in);
    Tally directories = tally(in);
    Tally others = tally(in);
    long contentBytes = in.varint();
    long readBytes = in.varint();
    long addedBytes = in.varint();
    long storedBytes = in.varint();
    long chunks = in.varint();
    long addedChunks = in.varint();
    Duration duration = Duration.ofNanos(in.signed());
    int count = in.count(MOST, 2);
    SortedMap<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.text(MAX_COUNT_NAME_BYTES);
      long n = in.varint();
      requireAscending(counts, name);
      counts.put(name, n);
    }
    return new Statistics(
        files,
        directories,
        others,
        contentBytes,
        readBytes,
        addedBytes,
        storedBytes,
        chunks,
        addedChunks,
        duration,
        counts);
  }

  /** The time in whole milliseconds, as it is stored. */
  static Instant millis(Instant time) {
    try {
      return Instant.ofEpochMilli(time.toEpochMilli());
    } catch (ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException("A time is too far away to be stored: " + time, e);
    }
  }

  private static Tally tally(Decoder in) throws FormatException {
    return new Tally(in.varint(), in.varint(), in.varint());
  }

  private static void requireAscending(SortedMap<String, ?> before, String name)
      throws FormatException {
    if (!before.isEmpty() && before.lastKey().compareTo(name) >= 0) {
      throw new FormatException("Names do not ascend: '" + name + "'");
    }
  }
}
