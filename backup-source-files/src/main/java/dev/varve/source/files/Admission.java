package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

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
    /** What is there is newer and was asked to stay. */
    STAYS,
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
    Instant began = untilTick(staging.path(), lower);
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
    if (settings.overwrite != Overwrite.ALWAYS && isRight(folder, name, there.get(), entry)) {
      checkOlder(folder, name);
      return Verdict.RIGHT;
    }
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
    checkOlder(folder, name);
    return staysAsNewer(there.get(), entry) ? Verdict.STAYS : Verdict.REPLACE;
  }

  /** Whether what is there was asked to stay, being newer than the entry. */
  boolean staysAsNewer(BasicFileAttributes there, Entry entry) {
    return settings.overwrite == Overwrite.NEWER
        && entry.modified().isPresent()
        && there.lastModifiedTime().toInstant().isAfter(entry.modified().get());
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

  /** Whether what is there is what the entry says, but for owner, mode and attributes. */
  private static boolean isRight(Folder folder, Path name, BasicFileAttributes there, Entry entry)
      throws IOException {
    if (entry.modified().isEmpty()) {
      return false;
    }
    Instant right = entry.modified().get();
    Instant found = there.lastModifiedTime().toInstant();
    return switch (entry.kind()) {
      case FILE -> there.isRegularFile() && there.size() == entry.size() && found.equals(right);
      case SYMBOLIC_LINK ->
          there.isSymbolicLink()
              && found.truncatedTo(ChronoUnit.MICROS).equals(right.truncatedTo(ChronoUnit.MICROS))
              && Arrays.equals(folder.linkTarget(name), entry.linkTarget().orElseThrow().bytes());
      case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE ->
          there.isOther() && found.equals(right) && isSameNode(folder.stat(name), entry);
      case DIRECTORY, SOCKET -> false;
    };
  }

  private static boolean isSameNode(Stat stat, Entry entry) {
    Optional<String> device = entry.attributes().findText(EntryReader.DEVICE);
    return stat.kind() == entry.kind()
        && (entry.kind() == EntryKind.FIFO || device.equals(Optional.of(stat.deviceName())));
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
