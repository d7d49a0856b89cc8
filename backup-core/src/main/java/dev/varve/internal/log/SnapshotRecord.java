package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot as it was committed. Immutable.
 *
 * <p>Written as id (16 bytes), identity as text, claimed time, tags, statistics, varint count of
 * problems, software as text, catalog root, problems.
 *
 * @param id its name
 * @param source what it is of
 * @param claimedTime when the backup began, by the clock of the machine that made it, in whole
 *     milliseconds; used for nothing
 * @param tags what the caller attached
 * @param statistics what the backup read and stored
 * @param problemCount how many entries could not be read as they should
 * @param software what made it
 * @param catalog where its entries are
 * @param problems where its problems are described, chunks of kind CATALOG
 */
public record SnapshotRecord(
    SnapshotId id,
    SourceIdentity source,
    Instant claimedTime,
    SortedMap<String, String> tags,
    Statistics statistics,
    long problemCount,
    String software,
    CatalogRoot catalog,
    ChunkList problems) {

  static final int LEAST_BYTES = 48;

  public SnapshotRecord {
    claimedTime = Parts.millis(claimedTime);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** The same snapshot with other tags. */
  SnapshotRecord tagged(SortedMap<String, String> newTags) {
    return new SnapshotRecord(
        id, source, claimedTime, newTags, statistics, problemCount, software, catalog, problems);
  }

  /** Writes it as described above. */
  public void write(Encoder out) {
    Parts.snapshotId(id, out);
    Parts.identity(source, out);
    Parts.instant(out, claimedTime);
    Parts.tags(out, tags);
    Parts.statistics(out, statistics);
    out.varint(problemCount).text(software);
    catalog.write(out);
    problems.write(out);
  }

  /** Reads what {@link #write} wrote. */
  public static SnapshotRecord read(Decoder in) throws FormatException {
    return new SnapshotRecord(
        Parts.snapshotId(in),
        Parts.identity(in),
        Parts.instant(in),
        Parts.tags(in),
        Parts.statistics(in),
        in.varint(Long.MAX_VALUE),
        in.text(Parts.MAX_SOFTWARE_BYTES),
        CatalogRoot.read(in),
        ChunkList.read(in));
  }
}
