package dev.varve.source.files;

import dev.varve.EntryPath;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** One restore into a {@link FilesTarget}. Used by one thread. */
final class Restoration implements Closeable {

  private final SnapshotContents contents;
  private final Parts parts;

  private Restoration(SnapshotContents contents, Parts parts) {
    this.contents = contents;
    this.parts = parts;
  }

  /**
   * What the steps of a restore share.
   *
   * @param targetIsNew whether the target directory was made by this restore
   * @param targetTime when the target was modified before this restore
   */
  record Parts(
      TargetSettings settings,
      Folders folders,
      Staging staging,
      Admission admission,
      Publisher publisher,
      Metadata metadata,
      NodeMaker nodes,
      HardLinkLeaders leaders,
      FinishedDirectories finished,
      boolean targetIsNew,
      Instant targetTime,
      TargetContext context) {}

  /** Opens the target, made if need be, and a staging directory in it. */
  static Restoration begin(
      TargetSettings settings, SnapshotContents contents, TargetContext context)
      throws IOException {
    boolean targetIsNew = !Files.isDirectory(settings.directory);
    if (targetIsNew && Files.exists(settings.directory)) {
      throw new FileSystemException(
          settings.directory.toString(),
          null,
          "is not a directory; name one, or a path where one can be made");
    }
    if (targetIsNew) {
      Files.createDirectories(settings.directory);
    }
    Path real = settings.directory.toRealPath();
    Folder target = Folder.open(real, settings);
    try {
      Instant targetTime = target.stat().modified();
      int leftOver = targetIsNew ? 0 : Claim.removeLeftOver(target);
      if (leftOver > 0) {
        context.count("left over from interrupted restores and removed", leftOver);
      }
      Staging staging = Staging.begin(target, real, settings.calls());
      try {
        Shortfalls shortfalls = new Shortfalls();
        Metadata metadata = new Metadata(settings, staging.ofNewFile(), shortfalls, context);
        Parts parts =
            new Parts(
                settings,
                new Folders(target),
                staging,
                Admission.begin(settings, staging),
                new Publisher(staging, target),
                metadata,
                new NodeMaker(metadata, shortfalls, settings.calls(), context),
                new HardLinkLeaders(staging),
                FinishedDirectories.create(),
                targetIsNew,
                targetTime,
                context);
        return new Restoration(contents, parts);
      } catch (IOException | RuntimeException failure) {
        staging.close();
        throw failure;
      }
    } catch (IOException | RuntimeException failure) {
      target.close();
      throw failure;
    }
  }

  void run() throws IOException {
    try (Staging staging = parts.staging();
        StagedFiles files = new StagedFiles(parts)) {
      contents.deliver(new Preparation(parts), files);
      new HardLinkPass(parts).run(contents, files);
      if (parts.settings().delete) {
        new Purge(parts.settings(), parts.folders(), parts.context())
            .run(contents, Optional.of(staging.name()));
      }
    }
    if (!parts.targetIsNew() && !parts.settings().delete && !parts.publisher().targetChanged()) {
      // What was staged there was put elsewhere: nothing in the target itself has changed.
      keepTargetTime();
    }
    parts.finished().finish(parts.folders(), parts.metadata(), parts.context());
    if (parts.settings().verify) {
      try (Verification verification = new Verification(parts)) {
        verification.run(contents);
      }
    }
    parts.metadata().report();
  }

  private void keepTargetTime() {
    try (Folders.Loan target = parts.folders().borrow(Place.TARGET)) {
      parts.metadata().setTime(target.folder(), EntryPath.of("."), parts.targetTime());
    } catch (IOException notOurs) {
      parts.context().count("target directories with a new time", 1);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      parts.finished().close();
    } finally {
      parts.folders().close();
    }
  }
}
