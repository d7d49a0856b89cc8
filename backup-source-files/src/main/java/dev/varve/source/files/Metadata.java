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
import java.time.Instant;
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
  private final Shortfalls shortfalls;
  private final Optional<SystemCalls> calls;
  private final AttributeWriter attributes;

  /**
   * @param self what the file system says of a file that was just made in the staging directory
   */
  Metadata(TargetSettings settings, Stat self, Shortfalls shortfalls, TargetContext context) {
    this.owners =
        switch (settings.owners) {
          case YES -> true;
          case NO -> false;
          case IF_ROOT -> self.unix() && self.uid() == 0;
        };
    this.self = self;
    this.context = context;
    this.shortfalls = shortfalls;
    this.calls = settings.calls();
    this.attributes = new AttributeWriter(owners, settings.delete, calls, shortfalls);
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
    attributes.write(staged, entry, owned);
    if (!link && posix.isPresent()) {
      int mode = mode(entry.path(), posix.get(), owned);
      boolean directory = entry.kind() == EntryKind.DIRECTORY;
      Files.setAttribute(staged, "unix:mode", directory ? mode | OWNER_ALL : mode);
    }
    setTime(staged, entry, options);
  }

  private void setTime(Path staged, Entry entry, LinkOption... options) throws IOException {
    if (entry.modified().isEmpty()) {
      return;
    }
    Instant time = entry.modified().get();
    if (calls.isPresent()) {
      // The JDK opens what it sets the time of, and before JDK 25 sets microseconds of links.
      calls.get().setTime(staged, time);
      return;
    }
    FileTime rounded = FileTime.from(time);
    Files.getFileAttributeView(staged, BasicFileAttributeView.class, options)
        .setTimes(rounded, rounded, null);
    reportEarly(time, entry.path());
  }

  /** Sets the time of a directory that is held open. */
  void setTime(Folder folder, EntryPath path, Instant time) throws IOException {
    if (calls.isPresent()) {
      calls.get().setTime(folder.anchor().resolve("."), time);
    } else {
      folder.setModified(FileTime.from(time));
      reportEarly(time, path);
    }
  }

  /** Whether a directory is held without searching for its descriptor. */
  boolean holdsQuickly() {
    return calls.isPresent();
  }

  /** Whether the JDK may set 1970 instead: it does unless the time is a whole second. */
  private static boolean isEarly(Instant time) {
    return time.isBefore(Instant.EPOCH);
  }

  private void reportEarly(Instant time, EntryPath path) {
    if (isEarly(time)) {
      shortfalls.add("a time before 1970 may have become 1970", path);
    }
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

  /** Whether something in the target has the owner, mode and attributes that it should have. */
  boolean isRight(Folder folder, Path name, Entry entry) throws IOException {
    if (!self.unix() || entry.posix().isEmpty()) {
      return true;
    }
    Posix posix = entry.posix().get();
    Stat stat = folder.stat(name);
    boolean owned = isOwned(posix, stat);
    boolean link = stat.kind() == EntryKind.SYMBOLIC_LINK;
    return (owned || !owners)
        && (link || mode(posix, owned) == stat.mode())
        && attributes.areRight(folder.path().resolve(name), entry, owned);
  }

  /**
   * Sets owner, attributes and mode of something in the target that is right otherwise.
   *
   * @return whether they are right now; not if it has other names too, which may lie anywhere
   */
  boolean adjust(Folder folder, Path name, Entry entry) throws IOException {
    if (isRight(folder, name, entry)) {
      return true;
    }
    if (entry.kind() != EntryKind.FILE) {
      return false;
    }
    Optional<Pin> pin = folder.pin(name);
    if (pin.isEmpty()) {
      return adjustByPath(folder, name, entry);
    }
    try (Pin held = pin.get()) {
      Stat stat = Stat.behind(held.path());
      if (stat.links() > 1) {
        return false;
      }
      adjust(held.path(), stat, entry);
      return true;
    }
  }

  private boolean adjustByPath(Folder folder, Path name, Entry entry) throws IOException {
    Posix posix = entry.posix().orElseThrow();
    Stat stat = folder.stat(name);
    if (stat.links() > 1) {
      return false;
    }
    Path there = folder.anchor().resolve(name);
    boolean owned = isOwned(posix, stat);
    boolean toBeOwned = !owned && owners;
    if (toBeOwned) {
      owned = own(there, entry.path(), posix, LinkOption.NOFOLLOW_LINKS);
    }
    int mode = mode(entry.path(), posix, owned);
    if (toBeOwned || mode != stat.mode()) {
      Files.setAttribute(there, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }
    return true;
  }

  /** Sets attributes of a directory that was there and is held open. */
  void adjustAttributes(Folder folder, Entry entry) throws IOException {
    if (!self.unix() || (calls.isEmpty() && entry.attributes().isEmpty())) {
      return;
    }
    boolean owned = entry.posix().isPresent() && (owners || isOwned(entry.posix().get(), self));
    if (calls.isEmpty()) {
      attributes.write(folder.anchor(), entry, owned);
    } else if (!attributes.areRight(folder.path(), entry, owned)) {
      attributes.adjust(folder.anchor(), entry, owned);
    }
  }

  /** Sets owner, group and mode of a directory that is held open. */
  void adjustFolder(Folder folder, EntryPath path, Posix posix) throws IOException {
    if (!self.unix()) {
      return;
    }
    Stat stat = folder.stat();
    boolean owned = isOwned(posix, stat);
    if (!owned && owners) {
      owned = own(folder.anchor(), path, posix);
    }
    int mode = mode(path, posix, owned);
    if (mode != folder.stat().mode()) {
      Files.setAttribute(folder.anchor(), "unix:mode", mode);
    }
  }

  /** Sets what differs, of something that is held. */
  private void adjust(Path descriptor, Stat stat, Entry entry) throws IOException {
    Posix posix = entry.posix().orElseThrow();
    boolean owned = isOwned(posix, stat);
    boolean toBeOwned = !owned && owners;
    if (toBeOwned) {
      owned = own(descriptor, entry.path(), posix);
    }
    attributes.adjust(descriptor, entry, owned);
    int mode = mode(entry.path(), posix, owned);
    if (mode != Stat.behind(descriptor).mode()) {
      Files.setAttribute(descriptor, "unix:mode", mode);
    }
  }

  /** Reports what could not be set, summed up. */
  void report() {
    shortfalls.report(context);
  }

  private static boolean isOwned(Posix posix, Stat stat) {
    return posix.uid() == stat.uid() && posix.gid() == stat.gid();
  }

  private boolean own(Path there, EntryPath path, Posix posix, LinkOption... options) {
    if (!owners) {
      boolean same = isOwned(posix, self);
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
      shortfalls.add("owner and group could not be set; run as root to restore them", path);
      return false;
    }
  }

  private int mode(EntryPath path, Posix posix, boolean owned) {
    int mode = mode(posix, owned);
    if (mode != posix.mode()) {
      shortfalls.add("restored without set-uid and set-gid: its owner is another now", path);
    }
    return mode;
  }

  private static int mode(Posix posix, boolean owned) {
    return owned ? posix.mode() : posix.mode() & ~SET_IDS;
  }
}
