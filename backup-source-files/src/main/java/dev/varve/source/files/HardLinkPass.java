package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Links those to their leaders that follow one. Used by one thread, after contents arrived. */
final class HardLinkPass {

  private final Restoration.Parts parts;
  private final TargetContext context;

  /** Groups whose leader could not be written, or not be linked to. */
  private final Set<Long> alone = new HashSet<>();

  HardLinkPass(Restoration.Parts parts) {
    this.parts = parts;
    this.context = parts.context();
  }

  /** Links what can be linked and writes the rest. */
  void run(SnapshotContents contents, StagedFiles files) throws IOException {
    if (!parts.leaders().anyFollower()) {
      return;
    }
    long ordinal = 0;
    try (EntryCursor entries = contents.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        Cancelled.check(context);
        if (parts.leaders().follows(next.get(), ordinal++)) {
          link(next.get());
        }
      }
    }
    if (!alone.isEmpty()) {
      AtomicLong shown = new AtomicLong();
      contents.deliver(
          entry ->
              parts.leaders().follows(entry, shown.getAndIncrement())
                  && alone.contains(entry.hardLinkGroup().orElseThrow()),
          files);
    }
  }

  private void link(Entry entry) {
    Path kept = parts.leaders().kept(entry);
    boolean linked = parts.leaders().isKept(entry);
    if (!linked && entry.kind().hasContent()) {
      alone.add(entry.hardLinkGroup().orElseThrow());
      return;
    }
    try {
      Place place = Place.of(entry, parts.settings().strip).orElseThrow();
      try (Folders.Loan parent = parts.folders().borrow(place.parent())) {
        if (link(entry, kept, linked, place, parent.folder())) {
          context.restored(entry);
        }
      }
    } catch (IOException failure) {
      context.warn(entry.path(), "cannot be restored: " + Failures.reason(failure));
    }
  }

  private boolean link(Entry entry, Path kept, boolean linked, Place place, Folder folder)
      throws IOException {
    Path name = place.name();
    if (linked && isSame(kept, folder.look(name))) {
      return true;
    }
    switch (parts.admission().judge(folder, name, entry)) {
      case RIGHT -> {
        if (parts.settings().overwrite == Overwrite.NEVER) {
          throw new IOException("is there, but not as a further name of the same file");
        }
      }
      case STAYS -> {
        return true;
      }
      case REPLACE_TREE -> {
        parts.folders().forget(place);
        Purge.deleteTree(folder, name);
      }
      case NEW, REPLACE -> {}
    }
    Path staged = parts.staging().next();
    Path at = parts.staging().path().resolve(staged);
    if (linked) {
      Files.createLink(at, kept);
    } else if (!parts.nodes().make(entry, at)) {
      return false;
    }
    parts.publisher().publish(folder, name, staged, again -> copy(entry, kept, again));
    return true;
  }

  private static boolean isSame(Path kept, Optional<BasicFileAttributes> there) throws IOException {
    Object key =
        Files.readAttributes(kept, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    return key != null && there.isPresent() && key.equals(there.get().fileKey());
  }

  private void copy(Entry entry, Path kept, Path at) throws IOException {
    if (entry.kind().hasContent()) {
      Files.copy(kept, at);
      parts.metadata().apply(at, entry);
    } else {
      parts.nodes().make(entry, at);
    }
  }
}
