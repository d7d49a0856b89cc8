package dev.varve.source.files;

import dev.varve.EntryKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Gives all names of one file the same number, and no two files one: inode and the ordinal of the
 * device where both fit, which is the same every night; else a number counted from the other end.
 * Used by one thread.
 */
final class HardLinks {

  private static final int INODE_BITS = 48;
  private static final int MOST_DEVICES = 1 << 15;

  private final List<Long> devices = new ArrayList<>();
  private final Map<Long, Map<Long, Long>> others = new HashMap<>();
  private long counted;

  /** The group of a file, if it has more names than one. */
  OptionalLong group(Stat stat) {
    if (!stat.unix() || stat.links() < 2 || stat.kind() == EntryKind.DIRECTORY) {
      return OptionalLong.empty();
    }
    int ordinal = devices.indexOf(stat.device());
    if (ordinal < 0) {
      ordinal = devices.size();
      devices.add(stat.device());
    }
    if (stat.inode() >>> INODE_BITS == 0 && ordinal < MOST_DEVICES) {
      return OptionalLong.of((long) ordinal << INODE_BITS | stat.inode());
    }
    return OptionalLong.of(
        others
            .computeIfAbsent(stat.device(), device -> new HashMap<>())
            .computeIfAbsent(stat.inode(), inode -> --counted));
  }
}
