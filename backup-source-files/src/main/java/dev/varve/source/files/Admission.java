package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what happens where something of the same name is there already. Safe for use by many
 * threads.
 */
final class Admission {

  /** What to do with an entry. */
  enum Verdict {
    /** Nothing is there. */
    NEW,
    /** What is there is right as it is. */
    RIGHT,
    /** What is there may be replaced. */
    REPLACE,
    /** A directory is there, which goes with all it holds. */
    REPLACE_TREE
  }

  /** How long to wait for the file system's clock to tick: the coarsest has whole seconds. */
  private static final int MOST_TICKS = 2_000;

  private final TargetSettings settings;
  private final boolean foldsNames;
  private final Instant began;

  private Admission(TargetSettings settings, boolean foldsNames, Instant began) {
    this.settings = settings;
    this.foldsNames = foldsNames;
    this.began = began;
  }

  /** Begins by learning from the staging directory how the file system treats names and times. */
  static Admission begin(TargetSettings settings, Staging staging) throws IOException {
    Path lower = staging.path().resolve("varve");
    Files.createFile(lower);
    boolean folds = Files.exists(staging.path().resolve("VARVE"));
    Instant began =
        settings.overwrite == Overwrite.NEVER ? Instant.MIN : untilTick(staging.path(), lower);
    Files.delete(lower);
    return new Admission(settings, folds, began);
  }

  /** One that writes nothing to find out how the file system behaves. */
  static Admission dry(TargetSettings settings) {
    return new Admission(settings, false, Instant.MAX);
  }

  /**
   * Decides about an entry that is no directory.
   *
   * @throws IOException if it must not be written, saying why
   */
  Verdict judge(Folder folder, Path name, Entry entry) throws IOException {
    Optional<BasicFileAttributes> there = folder.look(name);
    if (there.isEmpty()) {
      return Verdict.NEW;
    }
    checkSameName(folder, name);
    if (settings.overwrite == Overwrite.NEVER) {
      throw new IOException(
          kind(there.get()) + " of that name is there and is not overwritten unless that is asked");
    }
    if (there.get().isDirectory()) {
      if (settings.delete) {
        return Verdict.REPLACE_TREE;
      }
      throw new IOException("a directory of that name is there");
    }
    if (settings.overwrite == Overwrite.CHANGED && isRight(there.get(), entry)) {
      return Verdict.RIGHT;
    }
    checkOlder(folder, name);
    return Verdict.REPLACE;
  }

  /**
   * Decides about a directory: it is new, it is there, or what is there is replaced by it.
   *
   * @throws IOException if it must not be made, saying why
   */
  Verdict judgeDirectory(Folder folder, Path name) throws IOException {
    Optional<BasicFileAttributes> there = folder.look(name);
    if (there.isEmpty()) {
      return Verdict.NEW;
    }
    checkSameName(folder, name);
    if (there.get().isDirectory()) {
      return Verdict.RIGHT;
    }
    if (settings.overwrite == Overwrite.NEVER) {
      throw new IOException(
          kind(there.get()) + " of that name is there and is not overwritten unless that is asked");
    }
    checkOlder(folder, name);
    return Verdict.REPLACE;
  }

  /** Whether owner or mode of a file that is right otherwise may have to be set. */
  static boolean mayDiffer(Folder folder, Path name, Posix posix, Metadata metadata)
      throws IOException {
    if (metadata.restoresOwners() || posix.mode() > 0777) {
      return true;
    }
    return folder.look(name).orElseThrow() instanceof PosixFileAttributes there
        && !there.permissions().equals(permissions(posix.mode()));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }

  private void checkSameName(Folder folder, Path name) throws IOException {
    if (foldsNames && !folder.names().contains(name)) {
      throw new IOException("this file system takes the name of something else for the same name");
    }
  }

  /** What was written by this restore is not overwritten by it: two entries had the same name. */
  private void checkOlder(Folder folder, Path name) throws IOException {
    if (began.equals(Instant.MAX)) {
      return;
    }
    Stat stat = folder.stat(name);
    if (stat.changed().isAfter(began)) {
      throw new IOException(
          "what is there was written since this restore began: by another entry of the same name,"
              + " or by somebody else");
    }
  }

  private static boolean isRight(BasicFileAttributes there, Entry entry) {
    if (entry.modified().isEmpty()) {
      return false;
    }
    Instant right = entry.modified().get();
    Instant found = there.lastModifiedTime().toInstant();
    if (entry.kind() == EntryKind.SYMBOLIC_LINK) {
      int length = entry.linkTarget().orElseThrow().length();
      return there.isSymbolicLink()
          && there.size() == length
          && found.truncatedTo(ChronoUnit.MICROS).equals(right.truncatedTo(ChronoUnit.MICROS));
    }
    return there.isRegularFile() && there.size() == entry.size() && found.equals(right);
  }

  private static String kind(BasicFileAttributes there) {
    return there.isRegularFile()
        ? "a file"
        : there.isDirectory() ? "a directory" : there.isSymbolicLink() ? "a link" : "something";
  }

  /** A time after which every change gets a later ctime. */
  private static Instant untilTick(Path directory, Path file) throws IOException {
    Instant began = Stat.of(file).changed();
    for (int tick = 0; tick < MOST_TICKS; tick++) {
      Files.write(file, "tick".getBytes(StandardCharsets.US_ASCII));
      if (Stat.of(file).changed().isAfter(began)) {
        return began;
      }
      pause();
    }
    return Stat.of(directory).changed();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before anything was restored", interrupted);
    }
  }
}
