package dev.varve.source.files;

import dev.varve.ConfigurationException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Restores files and directories below one directory. Immutable: each setting gives another target.
 *
 * <p>Nothing is written outside that directory, whatever the snapshot's names and links are and
 * whatever is in the directory or appears there meanwhile: every step is opened from the one above
 * without following links. This needs Linux; elsewhere links are looked for but could be swapped in
 * between.
 *
 * <p>A file gets its name when it is complete, in one step. Until then it is in a directory {@code
 * .varve-restore-…} of the target, which is removed in the end, and one that is left over from a
 * crash by the next restore. A file of which pieces are lost is restored as {@code
 * NAME.incomplete}, beside it {@code NAME.missing} with one line for each piece: offset, length and
 * reason.
 *
 * <p>Restored are contents, modification times, modes, owners by their numbers (as root), symbolic
 * links, hard links among what is restored, pipes, and on Linux extended attributes with access
 * control lists; devices, capabilities and what else only root may give come back where owners do.
 * Blocks of zeros become holes. Without native access (JDK 22, or JNA) pipes, devices and all but
 * the user's attributes are left out, and times of links are rounded to the microsecond. What
 * cannot be restored is reported, each kind of lack once, and never changed into something similar.
 *
 * <p>What is there already and right is not written again: it has the size, the modification time,
 * the mode, the owner and the attributes that it should have, or is a link to the same. So an
 * interrupted restore is taken up by running it again; with {@link Overwrite#CHANGED} directories
 * that the first run left unfinished get their modes and times too.
 */
public final class FilesTarget implements Target {

  private final TargetSettings settings;

  private FilesTarget(TargetSettings settings) {
    this.settings = settings;
  }

  /**
   * A target below {@code directory}, which is made if it is not there and may be a link.
   *
   * @throws ConfigurationException if it is not on the default file system
   */
  public static FilesTarget into(Path directory) {
    if (!directory.getFileSystem().equals(FileSystems.getDefault())) {
      throw new ConfigurationException(
          "Cannot restore into " + directory + " of " + directory.getFileSystem());
    }
    return new FilesTarget(new TargetSettings(directory.toAbsolutePath()));
  }

  /**
   * This target without the first {@code steps} steps of each path. A directory that has no more is
   * the target itself, whose mode and times are then restored too if it is new.
   */
  public FilesTarget strip(int steps) {
    if (steps < 0) {
      throw new ConfigurationException("Strip takes 0 steps or more, not " + steps);
    }
    return with(s -> s.strip = steps);
  }

  /**
   * This target with another answer to what is there already; {@link Overwrite#NEVER} by default.
   */
  public FilesTarget overwrite(Overwrite overwrite) {
    return with(s -> s.overwrite = overwrite);
  }

  /**
   * This target made exact: below directories that are restored, what the snapshot does not have is
   * deleted.
   */
  public FilesTarget delete() {
    return with(s -> s.delete = true);
  }

  /** This target reading back and comparing every file that was restored or found right. */
  public FilesTarget verify() {
    return with(s -> s.verify = true);
  }

  /** This target restoring owners and groups, or not; by default it does if it runs as root. */
  public FilesTarget owners(boolean restored) {
    return with(s -> s.owners = restored ? TargetSettings.Owners.YES : TargetSettings.Owners.NO);
  }

  /** This target doing as on platforms without {@code openat}. */
  FilesTarget plain() {
    return with(s -> s.plain = true);
  }

  /** This target doing with what the JDK has calls for. */
  FilesTarget withoutNativeCalls() {
    return with(s -> s.nativeCalls = false);
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    if (settings.delete && contents.filtered()) {
      throw new IOException(
          "What the snapshot lacks is not deleted where a filter leaves out what it has; restore"
              + " without one of the two");
    }
    if (context.dryRun()) {
      new DryRun(settings, contents, context).run();
    } else {
      try (Restoration restoration = Restoration.begin(settings, contents, context)) {
        restoration.run();
      }
    }
  }

  @Override
  public String toString() {
    return "file:" + settings.directory;
  }

  private FilesTarget with(Consumer<TargetSettings> change) {
    return new FilesTarget(settings.changed(change));
  }
}
