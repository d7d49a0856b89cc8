package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.source.EntryCursor;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Says what a restore would do, and touches nothing. Used by one thread. */
final class DryRun {

  private final TargetSettings settings;
  private final SnapshotContents contents;
  private final TargetContext context;
  private final Admission admission;

  DryRun(TargetSettings settings, SnapshotContents contents, TargetContext context) {
    this.settings = settings;
    this.contents = contents;
    this.context = context;
    this.admission = Admission.dry(settings);
  }

  void run() throws IOException {
    if (!Files.isDirectory(settings.directory)) {
      each((entry, place) -> {});
      return;
    }
    Folder target = Folder.open(settings.directory.toRealPath(), settings);
    try (Folders folders = new Folders(target)) {
      each((entry, place) -> check(entry, place, folders));
      if (settings.delete) {
        new Purge(settings, folders, context).run(contents, Optional.empty());
      }
    }
  }

  private interface Check {
    void of(Entry entry, Place place) throws IOException;
  }

  private void each(Check check) throws IOException {
    try (EntryCursor entries = contents.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        Cancelled.check(context);
        Entry entry = next.get();
        try {
          Optional<Place> place = Place.of(entry, settings.strip);
          if (place.isPresent()) {
            checkKind(entry);
            check.of(entry, place.get());
            context.restored(entry);
          }
        } catch (IOException failure) {
          context.warn(entry.path(), "could not be restored: " + Failures.reason(failure));
        }
      }
    }
  }

  private static void checkKind(Entry entry) throws IOException {
    switch (entry.kind()) {
      case FILE, DIRECTORY, SYMBOLIC_LINK, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
      case SOCKET -> throw new IOException("a socket is made by the program that listens");
    }
  }

  private void check(Entry entry, Place place, Folders folders) throws IOException {
    if (place.isTarget()) {
      return;
    }
    try (Folders.Loan parent = folders.borrow(place.parent())) {
      if (entry.kind() == EntryKind.DIRECTORY) {
        admission.judgeDirectory(parent.folder(), place.name());
      } else {
        admission.judge(parent.folder(), place.name(), entry);
      }
    } catch (NoSuchFileException parentIsNew) {
      return;
    }
  }
}
