package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Is shown all entries in order while contents already arrive: makes directories, symbolic links,
 * pipes and devices, and says which files are wanted. Used by one thread.
 */
final class Preparation implements Predicate<Entry> {

  private final TargetSettings settings;
  private final Folders folders;
  private final Admission admission;
  private final Publisher publisher;
  private final Metadata metadata;
  private final NodeMaker nodes;
  private final Staging staging;
  private final HardLinkLeaders leaders;
  private final FinishedDirectories finished;
  private final boolean targetIsNew;
  private final TargetContext context;
  private long ordinal;

  /** The directories on the way down that this restore made: nothing can be there before. */
  private final Deque<Place> made = new ArrayDeque<>();

  Preparation(Restoration.Parts parts) {
    this.settings = parts.settings();
    this.folders = parts.folders();
    this.admission = parts.admission();
    this.publisher = parts.publisher();
    this.metadata = parts.metadata();
    this.nodes = parts.nodes();
    this.staging = parts.staging();
    this.leaders = parts.leaders();
    this.finished = parts.finished();
    this.targetIsNew = parts.targetIsNew();
    this.context = parts.context();
  }

  @Override
  public boolean test(Entry entry) {
    long shown = ordinal++;
    try {
      Optional<Place> place = Place.of(entry, settings.strip);
      return place.isPresent() && prepare(entry, shown, place.get());
    } catch (IOException failure) {
      context.warn(entry.path(), "cannot be restored: " + Failures.reason(failure));
      return false;
    }
  }

  private boolean prepare(Entry entry, long shown, Place place) throws IOException {
    return switch (entry.kind()) {
      case FILE -> prepareFile(entry, shown, place);
      case DIRECTORY -> {
        makeDirectory(entry, place);
        yield false;
      }
      case SYMBOLIC_LINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
        if (nodes.makes(entry)) {
          makeNode(entry, shown, place);
        }
        yield false;
      }
    };
  }

  private boolean prepareFile(Entry entry, long shown, Place place) throws IOException {
    try (Folders.Loan parent = parentOf(place)) {
      if (leaders.follows(entry, shown)) {
        return false;
      }
      Path name = place.name();
      if (isMade(place.parent())) {
        // Publishing looks, so that whatever somebody else puts there meanwhile is found.
        leaders.lead(entry, shown);
        return true;
      }
      Admission.Verdict verdict = admission.judge(parent.folder(), name, entry);
      leaders.lead(entry, shown);
      if (!stays(verdict, entry, parent.folder(), name)) {
        return true;
      }
      context.restored(entry);
      return false;
    }
  }

  private void makeNode(Entry entry, long shown, Place place) throws IOException {
    try (Folders.Loan parent = parentOf(place)) {
      if (leaders.follows(entry, shown)) {
        return;
      }
      Folder folder = parent.folder();
      Path name = place.name();
      synchronized (publisher.lock(place)) {
        Admission.Verdict verdict = admission.judge(folder, name, entry);
        leaders.lead(entry, shown);
        if (verdict == Admission.Verdict.REPLACE_TREE) {
          folders.forget(place);
          Purge.deleteTree(folder, name);
        }
        if (stays(verdict, entry, folder, name) || publish(entry, folder, name)) {
          context.restored(entry);
        }
      }
    }
  }

  private boolean publish(Entry entry, Folder folder, Path name) throws IOException {
    Path staged = staging.next();
    Path at = staging.path().resolve(staged);
    if (!nodes.make(entry, at)) {
      return false;
    }
    leaders.keep(entry, at);
    publisher.publish(folder, name, staged, again -> nodes.make(entry, again));
    return true;
  }

  /** Whether what is there stays, made right if only its owner, mode or attributes are not. */
  private boolean stays(Admission.Verdict verdict, Entry entry, Folder folder, Path name)
      throws IOException {
    if (verdict == Admission.Verdict.STAYS) {
      context.count("newer files left as they are", 1);
      return true;
    }
    if (verdict != Admission.Verdict.RIGHT) {
      return false;
    }
    if (settings.overwrite == Overwrite.NEVER) {
      if (!metadata.isRight(folder, name, entry)) {
        throw new IOException(
            "is there with another owner, mode or attributes, and is not changed unless"
                + " overwriting is asked");
      }
    } else if (!metadata.adjust(folder, name, entry)) {
      return false;
    }
    if (entry.hardLinkGroup().isPresent()) {
      leaders.keepExisting(entry, folder, name);
    }
    context.count("files already right", 1);
    return true;
  }

  private void makeDirectory(Entry entry, Place place) throws IOException {
    if (place.isTarget()) {
      if (targetIsNew || settings.overwrite != Overwrite.NEVER) {
        finished.add(place, entry, false);
      }
      context.restored(entry);
      return;
    }
    try (Folders.Loan parent = parentOf(place)) {
      Folder folder = parent.folder();
      Path name = place.name();
      Admission.Verdict verdict = admission.judgeDirectory(folder, name);
      if (verdict == Admission.Verdict.REPLACE) {
        folder.delete(name);
      }
      if (verdict != Admission.Verdict.RIGHT) {
        make(entry, folder, name);
        made.push(place);
        finished.add(place, entry, true);
      } else if (settings.overwrite != Overwrite.NEVER) {
        try (Folders.Loan there = folders.borrow(place)) {
          metadata.adjustAttributes(there.folder(), entry);
        }
        finished.add(place, entry, false);
      } else if (!metadata.isRight(folder, name, entry)) {
        context.count("directories left as they are", 1);
      }
      context.restored(entry);
    }
  }

  /** Whether this restore made that directory; entries come in order, so others are left behind. */
  private boolean isMade(Place directory) {
    while (!made.isEmpty() && !made.peek().equals(directory) && !made.peek().isAbove(directory)) {
      made.pop();
    }
    return directory.equals(made.peek());
  }

  private void make(Entry entry, Folder folder, Path name) throws IOException {
    publisher.publish(
        folder,
        name,
        at -> {
          Files.createDirectory(at);
          metadata.apply(at, entry);
        });
  }

  /** The directory that holds {@code place}, made with all above it if it is not there. */
  private Folders.Loan parentOf(Place place) throws IOException {
    Place parent = place.parent();
    try {
      return folders.borrow(parent);
    } catch (IOException missing) {
      return folders.borrow(implied(parent));
    }
  }

  /** Makes directories that the snapshot does not have, but that lead to what it has. */
  private Place implied(Place place) throws IOException {
    Place at = Place.TARGET;
    for (Path step : place.steps()) {
      Place next = at.child(RawNames.lastStep(step));
      try (Folders.Loan above = folders.borrow(at)) {
        if (admission.judgeDirectory(above.folder(), step) == Admission.Verdict.NEW) {
          publisher.publish(above.folder(), step, Files::createDirectory);
        }
      }
      at = next;
    }
    return place;
  }
}
