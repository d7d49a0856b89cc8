package dev.varve.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Section 7: a snapshot as its record describes it.
 *
 * @param id 32 hexadecimal digits
 * @param identity {@code kind:name@host}
 * @param claimedMillis the writer's clock
 * @param tags by name
 * @param statistics as they stand there: nine tallies, six sums, duration in ns
 * @param counts the source's own
 * @param problemCount how many problems there were
 * @param software what wrote it
 * @param catalog where its entries are
 * @param entries how many they are
 * @param bytes the sum of their sizes
 * @param problems where they are listed
 */
record SnapshotRecord(
    String id,
    String identity,
    long claimedMillis,
    Map<String, String> tags,
    List<Long> statistics,
    Map<String, Long> counts,
    long problemCount,
    String software,
    Input.ChunkList catalog,
    long entries,
    long bytes,
    Input.ChunkList problems) {

  private static final int NUMBERS = 15;

  static SnapshotRecord read(Input in) {
    String id = in.hex(16);
    String identity = in.text(3072);
    long claimed = in.signed();
    Map<String, String> tags = tags(in);
    List<Long> statistics = new ArrayList<>();
    for (int i = 0; i < NUMBERS; i++) {
      statistics.add(in.varint());
    }
    statistics.add(in.signed());
    Map<String, Long> counts = new TreeMap<>();
    for (long left = in.varint(in.left()); left > 0; left--) {
      counts.put(in.text(1024), in.varint());
    }
    return new SnapshotRecord(
        id,
        identity,
        claimed,
        tags,
        List.copyOf(statistics),
        counts,
        in.varint(Long.MAX_VALUE),
        in.text(128),
        in.chunkList(),
        in.varint(Long.MAX_VALUE),
        in.varint(Long.MAX_VALUE),
        in.chunkList());
  }

  static Map<String, String> tags(Input in) {
    Map<String, String> tags = new TreeMap<>();
    for (long left = in.varint(in.left()); left > 0; left--) {
      tags.put(in.text(1024), in.text(1024));
    }
    return tags;
  }

  SnapshotRecord tagged(Map<String, String> others) {
    return new SnapshotRecord(
        id,
        identity,
        claimedMillis,
        others,
        statistics,
        counts,
        problemCount,
        software,
        catalog,
        entries,
        bytes,
        problems);
  }
}
