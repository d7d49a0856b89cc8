package dev.varve.source.files;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes entries of files: all that is kept of one beside its content, and beside the extended
 * attributes where {@link Attributed} adds them. Used by one thread.
 */
final class EntryReader {

  /** A ctime younger than this may be given to another change too: clocks of disks are coarse. */
  static final Duration SETTLING_TIME = Duration.ofSeconds(2);

  /** The attribute that holds the major and minor number of a device. */
  static final String DEVICE = "posix.device";

  private final FilesSettings settings;
  private final SourceContext context;
  private final Optional<SystemCalls> calls;
  private final Optional<SystemCalls> looks;
  private final boolean readsAttributes;
  private final Owners owners = new Owners();
  private final HardLinks hardLinks = new HardLinks();

  EntryReader(FilesSettings settings, SourceContext context) {
    this.settings = settings;
    this.context = context;
    calls = settings.calls();
    looks = calls.filter(SystemCalls::canRead);
    readsAttributes = settings.extendedAttributes && attributesLater(settings).isEmpty();
    if (settings.extendedAttributes && calls.isEmpty() && SystemCalls.areMissed()) {
      context.warn(
          "Access control lists, capabilities of files and attributes of links are not kept: "
              + SystemCalls.lack());
    }
  }

  /**
   * What to add extended attributes by, if that is done later. What is read by its content alone
   * has none, and cannot be told from a file then.
   */
  static Optional<SystemCalls> attributesLater(FilesSettings settings) {
    return settings.extendedAttributes && !settings.readsSpecial
        ? settings.calls()
        : Optional.empty();
  }

  /** The youngest ctime that a change from now on cannot get. */
  Instant settled() {
    return settings.clock.instant().minus(SETTLING_TIME);
  }

  /** What {@code path} is, whose bytes without the leading slash are {@code name}. */
  Stat look(byte[] name, Path path) throws IOException {
    return looks.isPresent() ? looks.get().stat(Spot.of(name)) : Stat.of(path);
  }

  /** The entry of {@code path}, which {@code stat} was just seen of. */
  Entry read(EntryPath name, Path path, Stat stat, Instant settled) throws IOException {
    if (settings.readsSpecial && Special.isSpecial(stat.kind())) {
      return special(name, path, stat);
    }
    Entry.Builder entry = Entry.builder(name, stat.kind()).modified(stat.modified());
    if (stat.kind().hasContent()) {
      entry.size(stat.size());
      Optional<Revision> revision = stat.revision(settled);
      if (revision.isPresent()) {
        entry.revision(revision.get());
      }
    }
    OptionalLong group = hardLinks.group(stat);
    if (group.isPresent()) {
      entry.hardLinkGroup(group.getAsLong());
    }
    if (stat.kind() == EntryKind.SYMBOLIC_LINK) {
      byte[] target = RawNames.linkTarget(Files.readSymbolicLink(path));
      entry.linkTarget(EntryPath.ofBytes(target));
    }
    if (stat.unix()) {
      Optional<String> user = owners.user(path, stat.uid());
      Optional<String> team = owners.group(path, stat.gid());
      entry.posix(posix(stat, user, team));
    }
    return entry.attributes(attributes(name, path, stat)).build();
  }

  /** A file whose content and size only reading tells; without a revision it is always read. */
  private Entry special(EntryPath name, Path path, Stat stat) throws IOException {
    Entry.Builder entry = Entry.builder(name, EntryKind.FILE).modified(stat.modified());
    if (stat.unix()) {
      Optional<String> user = owners.user(path, stat.uid());
      Optional<String> group = owners.group(path, stat.gid());
      entry.posix(posix(stat, user, group));
    }
    return entry.build();
  }

  /** {@code entry} with what {@code stat} says, which was seen later and only of numbers. */
  static Entry.Builder later(Entry entry, Stat stat) {
    Entry.Builder later = entry.toBuilder().modified(stat.modified()).withoutRevision();
    Optional<Posix> before = entry.posix();
    if (before.isPresent() && stat.unix()) {
      Posix posix = before.get();
      boolean sameUser = posix.uid() == stat.uid();
      boolean sameGroup = posix.gid() == stat.gid();
      later.posix(
          posix(
              stat,
              sameUser ? posix.user() : Optional.empty(),
              sameGroup ? posix.group() : Optional.empty()));
    }
    return later;
  }

  private static Posix posix(Stat stat, Optional<String> user, Optional<String> group) {
    return new Posix(stat.mode(), stat.uid(), stat.gid(), user, group, Optional.of(stat.changed()));
  }

  private Attributes attributes(EntryPath name, Path path, Stat stat) throws IOException {
    Attributes extended = readsAttributes ? extended(name, path, stat.kind()) : Attributes.none();
    return switch (stat.kind()) {
      case CHARACTER_DEVICE, BLOCK_DEVICE -> extended.with(DEVICE, stat.deviceName());
      default -> extended;
    };
  }

  private Attributes extended(EntryPath name, Path path, EntryKind kind) throws IOException {
    if (calls.isPresent()) {
      return Attributed.read(calls.get(), name, context);
    }
    try {
      boolean shown = kind == EntryKind.FILE || kind == EntryKind.DIRECTORY;
      return shown ? ExtendedAttributes.readOfUser(path) : Attributes.none();
    } catch (AccessDeniedException unreadable) {
      return Attributes.none(); // Reading the content is refused too, and reported then.
    } catch (IOException failure) {
      context.warn(name, "its extended attributes are not kept: " + Failures.reason(failure));
      return Attributes.none();
    }
  }
}
