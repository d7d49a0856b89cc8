package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes below restored directories what the snapshot does not have: a merge of the snapshot's
 * entries with the target's, both ascending. Used by one thread.
 */
final class Purge {

  private final TargetSettings settings;
  private final Folders folders;
  private final TargetContext context;
  private final Deque<Level> levels = new ArrayDeque<>();

  Purge(TargetSettings settings, Folders folders, TargetContext context) {
    this.settings = settings;
    this.folders = folders;
    this.context = context;
  }

  /**
   * Deletes a child of a folder, with all below it if it is a directory; links are not followed.
   */
  static void deleteTree(Folder folder, Path name) throws IOException {
    Optional<BasicFileAttributes> there = folder.look(name);
    if (there.isEmpty()) {
      return;
    }
    if (!there.get().isDirectory()) {
      folder.delete(name);
      return;
    }
    try (Folder child = folder.enter(name)) {
      for (Path below : child.names()) {
        deleteTree(child, below);
      }
    }
    folder.deleteFolder(name);
  }

  /**
   * Deletes, or in a dry run counts, what is left over after all was restored.
   *
   * @param spared a name in the target itself that stays
   */
  void run(SnapshotContents contents, Optional<Path> spared) throws IOException {
    if (!contents.isListComplete()) {
      context.warn("Nothing was deleted: a part of the snapshot's list of entries is lost");
      return;
    }
    byte[] last = {};
    try (EntryCursor entries = contents.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        Cancelled.check(context);
        Optional<Place> place = placeOf(next.get());
        if (place.isEmpty()) {
          continue;
        }
        boolean directory = next.get().kind() == EntryKind.DIRECTORY;
        byte[] order = place.get().isTarget() ? new byte[0] : place.get().order(directory);
        if (Arrays.compareUnsigned(last, order) > 0) {
          context.warn(
              "Nothing more was deleted: without their first steps the paths of the snapshot mix"
                  + " several directories; restore them one by one to delete what they lack");
          levels.clear();
          return;
        }
        last = order;
        visit(next.get(), place.get(), order, spared);
      }
    }
    while (!levels.isEmpty()) {
      finish(levels.pop());
    }
  }

  private void visit(Entry entry, Place place, byte[] order, Optional<Path> spared)
      throws IOException {
    while (!levels.isEmpty() && !startsWith(order, levels.peek().prefix)) {
      finish(levels.pop());
    }
    if (!levels.isEmpty()) {
      levels.peek().match(order);
    }
    if (entry.kind() == EntryKind.DIRECTORY) {
      try (Folders.Loan loan = folders.borrow(place)) {
        levels.push(new Level(place, order, children(loan.folder(), place, spared)));
      } catch (IOException notThere) {
        return; // It could not be restored, which was reported.
      }
    }
  }

  private static List<Child> children(Folder folder, Place place, Optional<Path> spared)
      throws IOException {
    List<Child> children = new ArrayList<>();
    for (Path name : folder.names()) {
      if (place.isTarget() && spared.isPresent() && spared.get().equals(name)) {
        continue;
      }
      boolean directory = folder.look(name).filter(BasicFileAttributes::isDirectory).isPresent();
      Place child = place.child(RawNames.lastStep(name));
      children.add(new Child(name, child, child.order(directory)));
    }
    children.sort((a, b) -> Arrays.compareUnsigned(a.order, b.order));
    return children;
  }

  private void finish(Level level) throws IOException {
    for (Child child : level.leftOver()) {
      try (Folders.Loan loan = folders.borrow(level.place)) {
        if (!context.dryRun()) {
          folders.forget(child.place);
          deleteTree(loan.folder(), child.name);
        }
        context.count("deleted", 1);
      } catch (IOException failure) {
        context.warn(
            EntryPath.ofBytes(child.place.bytes()),
            "is not in the snapshot but could not be deleted: " + Failures.reason(failure));
      }
    }
  }

  private Optional<Place> placeOf(Entry entry) {
    try {
      return Place.of(entry, settings.strip);
    } catch (IOException notHeld) {
      return Optional.empty();
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Something in the target. */
  private static final class Child {

    private final Path name;
    private final Place place;
    private final byte[] order;

    Child(Path name, Place place, byte[] order) {
      this.name = name;
      this.place = place;
      this.order = order;
    }
  }

  /** A restored directory and what of its children the snapshot has not shown yet. */
  private static final class Level {

    private final Place place;
    private final byte[] prefix;
    private final List<Child> children;
    private final List<Child> candidates = new ArrayList<>();

    /** Names of which the snapshot has another kind than the target, which was reported. */
    private final Set<Place> otherKind = new HashSet<>();

    private int at;

    Level(Place place, byte[] prefix, List<Child> children) {
      this.place = place;
      this.prefix = prefix;
      this.children = children;
    }

    /** The snapshot has what is called {@code order}, at or below a child. */
    void match(byte[] order) {
      int end = prefix.length;
      while (end < order.length && order[end] != '/') {
        end++;
      }
      byte[] child = Arrays.copyOf(order, Math.min(end + 1, order.length));
      while (at < children.size() && Arrays.compareUnsigned(children.get(at).order, child) < 0) {
        candidates.add(children.get(at++));
      }
      if (at < children.size() && Arrays.equals(children.get(at).order, child)) {
        at++;
      } else {
        otherKind.add(Place.ofBytes(Arrays.copyOf(child, end)));
      }
    }

    List<Child> leftOver() {
      candidates.addAll(children.subList(at, children.size()));
      candidates.removeIf(child -> otherKind.contains(child.place));
      return candidates;
    }
  }
}
