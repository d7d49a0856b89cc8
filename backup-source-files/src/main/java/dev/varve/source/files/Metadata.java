package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Sets owners, extended attributes, modes and times, in this order: each of them would undo a part
 * of the later ones. Safe for use by many threads.
 */
final class Metadata {

  private static final int SET_IDS = 06000;

  /** What the owner of a directory needs as long as things are put there. */
  static final int OWNER_ALL = 0700;

  private final boolean owners;
  private final Stat self;
  private final TargetContext context;
  private final Shortfall ownersShortfall;
  private final Shortfall setIdShortfall;

  /**
   * @param self what the file system says of a file that was just made in the staging directory
   */
  Metadata(TargetSettings settings, Stat self, TargetContext context) {
    this.owners =
        switch (settings.owners) {
          case YES -> true;
          case NO -> false;
          case IF_ROOT -> self.unix() && self.uid() == 0;
        };
    this.self = self;
    this.context = context;
    this.ownersShortfall =
        new Shortfall(context, "owner and group could not be set; run as root to restore them");
    this.setIdShortfall =
        new Shortfall(context, "restored without set-uid and set-gid: its owner is another now");
  }

  /** Whether owners are to be restored. */
  boolean restoresOwners() {
    return owners;
  }

  /** Applies all of {@code entry} to something staged; directories stay open for their owner. */
  void apply(Path staged, Entry entry) throws IOException {
    boolean link = entry.kind() == EntryKind.SYMBOLIC_LINK;
    LinkOption[] options = link ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    Optional<Posix> posix = self.unix() ? entry.posix() : Optional.empty();
    boolean owned = posix.isPresent() && own(staged, entry.path(), posix.get(), options);
    if (!link) {
      writeExtended(staged, entry);
      if (posix.isPresent()) {
        int mode = mode(entry.path(), posix.get(), owned);
        boolean directory = entry.kind() == EntryKind.DIRECTORY;
        Files.setAttribute(staged, "unix:mode", directory ? mode | OWNER_ALL : mode);
      }
    }
    setTime(staged, entry, options);
  }

  private static void setTime(Path staged, Entry entry, LinkOption... options) throws IOException {
    if (entry.modified().isPresent()) {
      FileTime time = FileTime.from(entry.modified().get());
      Files.getFileAttributeView(staged, BasicFileAttributeView.class, options)
          .setTimes(time, time, null);
    }
  }

  /**
   * Sets owner, group and mode of a file in the target where they differ.
   *
   * @return whether they are right now; not if the file has other names too, which may lie anywhere
   */
  boolean adjust(Folder folder, Path name, EntryPath path, Posix posix) throws IOException {
    Stat stat = folder.stat(name);
    boolean owned = posix.uid() == stat.uid() && posix.gid() == stat.gid();
    boolean toBeOwned = !owned && owners;
    if (stat.links() > 1) {
      return !toBeOwned && mode(path, posix, owned) == stat.mode();
    }
    if (toBeOwned) {
      Path there = folder.anchor().resolve(name);
      owned = own(there, path, posix, LinkOption.NOFOLLOW_LINKS);
    }
    int mode = mode(path, posix, owned);
    if (toBeOwned || mode != stat.mode()) {
      Path there = folder.anchor().resolve(name);
      Files.setAttribute(there, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }
    return true;
  }

  /** Applies all of {@code entry} to a file just made in the staging directory. */
  void applyToNew(Path staged, Entry entry) throws IOException {
    Optional<Posix> posix = entry.posix();
    if (posix.isPresent() && isAnyway(posix.get()) && entry.attributes().isEmpty()) {
      setTime(staged, entry);
    } else {
      apply(staged, entry);
    }
  }

  /** Whether what is made in the staging directory has this owner and mode without being told. */
  private boolean isAnyway(Posix posix) {
    return self.unix()
        && posix.uid() == self.uid()
        && posix.gid() == self.gid()
        && posix.mode() == self.mode();
  }

  /** Sets owner, group and mode of a directory that is held open. */
  void adjustFolder(Folder folder, EntryPath path, Posix posix) throws IOException {
    if (!self.unix()) {
      return;
    }
    Stat stat = folder.stat();
    boolean owned = posix.uid() == stat.uid() && posix.gid() == stat.gid();
    if (!owned && owners) {
      owned = own(folder.anchor(), path, posix);
    }
    int mode = mode(path, posix, owned);
    if (mode != folder.stat().mode()) {
      Files.setAttribute(folder.anchor(), "unix:mode", mode);
    }
  }

  /** Writes extended attributes; what cannot be is reported. */
  void writeExtended(Path there, Entry entry) {
    try {
      ExtendedAttributes.write(there, entry.attributes());
    } catch (IOException | UnsupportedOperationException failure) {
      String reason =
          failure instanceof IOException io ? Failures.reason(io) : "not supported here";
      context.warn(entry.path(), "extended attributes could not be restored: " + reason);
    }
  }

  /** Reports what could not be set, summed up. */
  void report() {
    ownersShortfall.report();
    setIdShortfall.report();
  }

  private boolean own(Path there, EntryPath path, Posix posix, LinkOption... options) {
    if (!owners) {
      boolean same = posix.uid() == self.uid() && posix.gid() == self.gid();
      if (!same) {
        context.count("owners left as they are", 1);
      }
      return same;
    }
    try {
      Files.setAttribute(there, "unix:uid", (int) posix.uid(), options);
      Files.setAttribute(there, "unix:gid", (int) posix.gid(), options);
      return true;
    } catch (IOException failure) {
      ownersShortfall.add(path);
      return false;
    }
  }

  private int mode(EntryPath path, Posix posix, boolean owned) {
    if (owned || (posix.mode() & SET_IDS) == 0) {
      return posix.mode();
    }
    setIdShortfall.add(path);
    return posix.mode() & ~SET_IDS;
  }
}
