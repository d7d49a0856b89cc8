package dev.varve.internal.store.disk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A file or directory of a {@link SimulatedDisk}: as processes see it, as it is on the platter for
 * sure, and what was done in between and may or may not be there after a loss of power.
 */
final class Inode {

  private static final int SECTOR_BYTES = 512;

  private static final class Write {
    private final int offset;
    private final byte[] bytes;

    private Write(int offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  private record Change(String name, Optional<Inode> inode) {}

  final boolean directory;
  private byte[] bytes = {};
  private byte[] durableBytes = {};
  private final List<Write> writes = new ArrayList<>();
  private final TreeMap<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> durableNames = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private Instant modified = Instant.EPOCH;
  private int links;

  Inode(boolean directory) {
    this.directory = directory;
  }

  byte[] bytes() {
    return bytes;
  }

  int links() {
    return links;
  }

  Instant modified() {
    return modified;
  }

  void modified(Instant time) {
    modified = time;
  }

  Map<String, Inode> names() {
    return names;
  }

  void write(int offset, byte[] more) {
    bytes = written(bytes, new Write(offset, more));
    writes.add(new Write(offset, more));
  }

  void put(String name, Inode inode) {
    names.put(name, inode);
    inode.links++;
    changes.add(new Change(name, Optional.of(inode)));
  }

  void remove(String name) {
    Inode removed = names.remove(name);
    if (removed != null) {
      removed.links--;
    }
    changes.add(new Change(name, Optional.empty()));
  }

  void force() {
    durableBytes = bytes;
    writes.clear();
    durableNames.clear();
    durableNames.putAll(names);
    changes.clear();
  }

  /** What is left of this after a loss of power, with all that can still be reached from it. */
  Inode afterPowerLoss(Random random, Map<Inode, Inode> known) {
    Inode already = known.get(this);
    if (already != null) {
      return already;
    }
    Inode left = new Inode(directory);
    known.put(this, left);
    left.modified = modified;
    left.bytes = directory ? bytes : tornBytes(random);
    Map<String, Inode> surviving = new TreeMap<>(durableNames);
    for (Change change : changes) {
      if (random.nextBoolean()) {
        change
            .inode()
            .ifPresentOrElse(
                inode -> surviving.put(change.name(), inode),
                () -> surviving.remove(change.name()));
      }
    }
    surviving.forEach((name, inode) -> left.put(name, inode.afterPowerLoss(random, known)));
    left.force();
    return left;
  }

  static Map<Inode, Inode> nothingKnown() {
    return new IdentityHashMap<>();
  }

  /** Each unforced write is there, is not, or is there in some of its sectors. */
  private byte[] tornBytes(Random random) {
    byte[] torn = durableBytes;
    for (Write write : writes) {
      int whatHappens = random.nextInt(3);
      for (int at = 0; at < write.bytes.length && whatHappens > 0; at += SECTOR_BYTES) {
        if (whatHappens == 1 || random.nextBoolean()) {
          int end = Math.min(at + SECTOR_BYTES, write.bytes.length);
          byte[] sector = Arrays.copyOfRange(write.bytes, at, end);
          torn = written(torn, new Write(write.offset + at, sector));
        }
      }
    }
    return torn;
  }

  private static byte[] written(byte[] onto, Write write) {
    int end = Math.max(onto.length, write.offset + write.bytes.length);
    byte[] result = Arrays.copyOf(onto, end);
    System.arraycopy(write.bytes, 0, result, write.offset, write.bytes.length);
    return result;
  }
}
