package dev.varve.source.files;

import dev.varve.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Of each group of hard links, the first member that is restored is written, the leader; a further
 * name of its file waits in the staging directory for the others. Entries are told apart by their
 * ordinal among those selected. Used by one thread, except for keeping files.
 */
final class HardLinkLeaders {

  private final Staging staging;
  private final LeaderTable leaders = new LeaderTable();
  private volatile boolean anyFollower;

  HardLinkLeaders(Staging staging) {
    this.staging = staging;
  }

  /** Whether the entry is to be linked to a leader that was shown before, and is just like it. */
  boolean follows(Entry entry, long ordinal) {
    if (entry.hardLinkGroup().isEmpty()) {
      return false;
    }
    long group = entry.hardLinkGroup().getAsLong();
    boolean follows =
        leaders.has(group)
            && leaders.ordinal(group) < ordinal
            && leaders.likeness(group) == likeness(entry);
    anyFollower |= follows;
    return follows;
  }

  /** Makes the entry the leader of its group, if it has one that has none. */
  void lead(Entry entry, long ordinal) {
    OptionalLong group = entry.hardLinkGroup();
    if (group.isPresent() && !leaders.has(group.getAsLong())) {
      leaders.put(group.getAsLong(), ordinal, likeness(entry));
    }
  }

  /** Keeps the file at {@code path} for the others of the entry's group. */
  void keep(Entry entry, Path path) {
    if (entry.hardLinkGroup().isPresent() && !isKept(entry)) {
      try {
        Files.createLink(kept(entry), path);
      } catch (IOException | UnsupportedOperationException unsupported) {
        return; // Then each of the group is written by itself.
      }
    }
  }

  /** Keeps a file that is right already for the others of the entry's group. */
  void keepExisting(Entry entry, Folder folder, Path name) throws IOException {
    keep(entry, folder.anchor().resolve(name));
  }

  /** Whether the file of the entry's group waits. */
  boolean isKept(Entry entry) {
    return Files.exists(kept(entry), LinkOption.NOFOLLOW_LINKS);
  }

  /** Where the file of the entry's group waits, if it could be written. */
  Path kept(Entry entry) {
    return staging.path().resolve("h" + Long.toHexString(entry.hardLinkGroup().orElseThrow()));
  }

  /** Whether any entry follows another. */
  boolean anyFollower() {
    return anyFollower;
  }

  private static long likeness(Entry entry) {
    long time =
        entry.modified().map(m -> m.getEpochSecond() * 1_000_000_007 + m.getNano()).orElse(0L);
    int what = Objects.hash(entry.kind(), entry.linkTarget(), entry.attributes());
    return (entry.size() * 31 + time) * 31 + what;
  }
}
