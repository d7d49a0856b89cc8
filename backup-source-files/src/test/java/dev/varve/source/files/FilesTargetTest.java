package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.Posix;
import dev.varve.target.SnapshotContents;
import dev.varve.testkit.LeakCheck;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FilesTargetTest {

  private static final Instant TIME = Instant.ofEpochSecond(1_600_000_000, 987_654_321);

  @TempDir Path directory;

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  private RecordingContext context = new RecordingContext();

  @AfterEach
  void noStagingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertFalse(left.anyMatch(p -> p.getFileName().toString().startsWith(Staging.PREFIX)));
    }
  }

  @Test
  void overwriteNever_whatIsThere_staysAndIsNamed() throws IOException {
    write("f", "mine");
    restore(target(), new MemorySource().file("f", "theirs").file("g", "new"));
    assertEquals("mine", read("f"));
    assertEquals("new", read("g"));
    assertEquals(List.of("f"), problemPaths());
  }

  @Test
  void overwriteNever_directoryThatIsThere_isFilledAndOtherwiseLeftAlone() throws IOException {
    Path d = Files.createDirectory(directory.resolve("d"));
    Files.setAttribute(d, "unix:mode", 0711);
    MemorySource snapshot =
        new MemorySource().put(directoryEntry("d/", 0755)).file("d/f", "content");
    restore(target(), snapshot);
    assertEquals(0711, Stat.of(d).mode());
    assertEquals("content", read("d/f"));
    assertEquals("", Sources.text(context));
  }

  @Test
  void overwriteChanged_whatIsRight_isNotWrittenAgain() throws IOException {
    MemorySource snapshot =
        new MemorySource().put(file("right", 4), bytes("same")).file("wrong", "new");
    write("right", "mine");
    Files.setLastModifiedTime(directory.resolve("right"), FileTime.from(TIME));
    write("wrong", "old");
    long inode = Stat.of(directory.resolve("right")).inode();
    restore(target().overwrite(Overwrite.CHANGED), snapshot);
    assertEquals("mine", read("right"));
    assertEquals(inode, Stat.of(directory.resolve("right")).inode());
    assertEquals("new", read("wrong"));
    assertEquals(1, context.counts().get("files already right"));
    assertEquals(2, context.restored().size());
  }

  @Test
  void overwriteChanged_afterAWholeRestore_writesNothing() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(directoryEntry("d/", 0750))
            .put(file("d/a", 1), bytes("a"))
            .link("d/l", "a")
            .put(member("d/m1", 3), bytes("mmm"))
            .put(member("d/m2", 3), bytes("mmm"));
    restore(target(), snapshot);
    assertEquals("", Sources.text(context));
    long inode = Stat.of(directory.resolve("d/m2")).inode();
    Stat link = Stat.of(directory.resolve("d/l"));

    context = new RecordingContext();
    restore(target().overwrite(Overwrite.CHANGED), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals(3, context.counts().get("files already right"));
    assertEquals(5, context.restored().size());
    assertEquals(inode, Stat.of(directory.resolve("d/m2")).inode());
    assertEquals(link.inode(), Stat.of(directory.resolve("d/l")).inode());
  }

  @Test
  void overwriteNever_restoredTwice_isQuietAndWritesNothing() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(directoryEntry("d/", 0750))
            .put(file("d/a", 1), bytes("a"))
            .link("d/l", "a")
            .put(member("d/m1", 3), bytes("mmm"))
            .put(member("d/m2", 3), bytes("mmm"));
    restore(target(), snapshot);
    Stat file = Stat.of(directory.resolve("d/a"));

    context = new RecordingContext();
    restore(target().verify(), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals(5, context.restored().size());
    assertEquals(3, context.counts().get("files verified"));
    assertEquals(file, Stat.of(directory.resolve("d/a")));
    assertEquals(TIME, Stat.of(directory.resolve("d")).modified());
    assertEquals(0750, Stat.of(directory.resolve("d")).mode());
  }

  @Test
  void overwriteNever_interruptedRestore_isCompleted() throws IOException {
    MemorySource half = new MemorySource().put(file("a", 1), bytes("a"));
    MemorySource whole =
        new MemorySource().put(file("a", 1), bytes("a")).put(file("b", 1), bytes("b"));
    restore(target(), half);
    context = new RecordingContext();
    restore(target(), whole);
    assertEquals("", Sources.text(context));
    assertEquals("b", read("b"));
    assertEquals(1, context.counts().get("files already right"));
  }

  @Test
  void killedRestore_nextOneRemovesWhatIsLeftOverAndGoesOn() throws Exception {
    String said = new ChildJvm(FilesTargetTest.class).with("LC_ALL", "C").run(directory);
    assertTrue(said.contains("failed with 137"), said);
    assertEquals(1, stagings());

    restore(target(), threeFiles());

    assertEquals(0, stagings());
    assertEquals("", Sources.text(context));
    assertEquals(1, context.counts().get("left over from interrupted restores and removed"));
    assertEquals(List.of("a", "b", "c"), listing(directory));
    assertEquals("a", read("a"));
  }

  @Test
  void anotherRestoreIntoTheSameTarget_keepsItsStagingDirectory() throws IOException {
    MemorySource second = new MemorySource().file("second", "2");
    boolean[] nested = {false};
    HookedContents.Hook another =
        entry -> {
          if (!nested[0]) {
            nested[0] = true;
            restore(target(), second);
            assertEquals(1, stagings());
          }
        };
    restore(target(), new HookedContents(MemoryContents.of(threeFiles()), another, e -> {}));
    assertEquals("", Sources.text(context));
    assertEquals(List.of("a", "b", "c", "second"), listing(directory));
  }

  private static MemorySource threeFiles() {
    return new MemorySource()
        .put(file("a", 1), bytes("a"))
        .put(file("b", 1), bytes("b"))
        .put(file("c", 1), bytes("c"));
  }

  private long stagings() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(p -> p.getFileName().toString().startsWith(Staging.PREFIX)).count();
    }
  }

  /** Restores into the argument and is killed before the last file is complete. */
  public static void main(String[] arguments) throws IOException {
    HookedContents.Hook die =
        entry -> {
          if (entry.path().toString().equals("c")) {
            try {
              new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
                  .start()
                  .waitFor();
            } catch (InterruptedException interrupted) {
              throw new IOException(interrupted);
            }
          }
        };
    SnapshotContents contents =
        new HookedContents(MemoryContents.of(threeFiles()).threads(1), entry -> {}, die);
    FilesTarget.into(Path.of(arguments[0])).restore(contents, new RecordingContext());
  }

  @Test
  void overwriteNever_onlyTheModeIsWrong_staysAndIsNamed() throws IOException {
    write("f", "same");
    Files.setLastModifiedTime(directory.resolve("f"), FileTime.from(TIME));
    Files.setAttribute(directory.resolve("f"), "unix:mode", 0600);
    Entry entry = file("f", 4).toBuilder().posix(posix(0604)).build();
    restore(target(), new MemorySource().put(entry, bytes("same")));
    assertEquals(0600, Stat.of(directory.resolve("f")).mode());
    assertEquals(List.of("f"), problemPaths());
    assertTrue(Sources.text(context).contains("another owner, mode"), Sources.text(context));
  }

  @Test
  void overwriteNever_copyWhereAFurtherNameBelongs_staysAndIsNamed() throws IOException {
    write("m2", "mmm");
    Files.setLastModifiedTime(directory.resolve("m2"), FileTime.from(TIME));
    MemorySource snapshot =
        new MemorySource().put(member("m1", 3), bytes("mmm")).put(member("m2", 3), bytes("mmm"));
    restore(target(), snapshot);
    assertEquals(List.of("m2"), problemPaths());
    assertEquals(1, Stat.of(directory.resolve("m2")).links());
  }

  @Test
  void overwriteNewer_olderIsReplacedAndNewerStays() throws IOException {
    write("older", "old");
    write("newer", "new");
    write("right", "same");
    Files.setLastModifiedTime(directory.resolve("older"), FileTime.from(TIME.minusNanos(1)));
    Files.setLastModifiedTime(directory.resolve("newer"), FileTime.from(TIME.plusNanos(1)));
    Files.setLastModifiedTime(directory.resolve("right"), FileTime.from(TIME));
    MemorySource snapshot =
        new MemorySource()
            .put(file("older", 6), bytes("theirs"))
            .put(file("newer", 6), bytes("theirs"))
            .put(file("right", 4), bytes("same"));
    restore(target().overwrite(Overwrite.NEWER).verify(), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals("theirs", read("older"));
    assertEquals("new", read("newer"));
    assertEquals(1, context.counts().get("newer files left as they are"));
    assertEquals(1, context.counts().get("files already right"));
    assertEquals(2, context.counts().get("files verified"));
  }

  @Test
  void targetWithADefaultAccessList_doesNotHandItDown() throws Exception {
    assumeTrue(Tools.tried("setfacl", "-d", "-m", "u:4711:rwx", directory.toString()));
    MemorySource snapshot =
        new MemorySource()
            .put(directoryEntry("d/", 0750))
            .put(file("d/f", 1), bytes("a"))
            .put(file("g", 1).toBuilder().posix(posix(0640)).build(), bytes("a"));
    restore(target(), snapshot);
    assertEquals("", Sources.text(context));
    for (String name : List.of("d", "d/f", "g")) {
      String list = Tools.run("getfacl", "-n", "-p", directory.resolve(name).toString());
      assertFalse(list.contains("4711"), list);
    }
  }

  @Test
  void overwriteChanged_onlyTheModeIsWrong_isSet() throws IOException {
    write("f", "same");
    Files.setLastModifiedTime(directory.resolve("f"), FileTime.from(TIME));
    Entry entry = file("f", 4).toBuilder().posix(posix(0604)).build();
    restore(target().overwrite(Overwrite.CHANGED), new MemorySource().put(entry, bytes("same")));
    assertEquals(0604, Stat.of(directory.resolve("f")).mode());
    assertEquals(1, context.counts().get("files already right"));
  }

  @Test
  void overwriteAlways_filesAndLinks_areReplaced() throws IOException {
    write("f", "old");
    write("was-file", "old");
    Files.createSymbolicLink(directory.resolve("l"), Path.of("old"));
    Files.createSymbolicLink(directory.resolve("was-link"), Path.of("old"));
    restore(
        target().overwrite(Overwrite.ALWAYS),
        new MemorySource()
            .file("f", "new")
            .link("l", "new")
            .link("was-file", "new")
            .file("was-link", "new"));
    assertEquals("", Sources.text(context));
    assertEquals("new", read("f"));
    assertEquals(Path.of("new"), Files.readSymbolicLink(directory.resolve("l")));
    assertEquals(Path.of("new"), Files.readSymbolicLink(directory.resolve("was-file")));
    assertTrue(Files.isRegularFile(directory.resolve("was-link"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void overwriteAlways_directoryInTheWay_needsDelete() throws IOException {
    write("f/full/of", "things");
    MemorySource snapshot = new MemorySource().file("f", "new");
    restore(target().overwrite(Overwrite.ALWAYS), snapshot);
    assertEquals(List.of("f"), problemPaths());
    assertEquals("things", read("f/full/of"));
    restore(target().overwrite(Overwrite.ALWAYS).delete(), snapshot);
    assertEquals("new", read("f"));
  }

  @Test
  void modes_andOwnersOfAllSorts_areSet() throws IOException {
    Files.setAttribute(directory, "unix:mode", 02755);
    int self = (int) Stat.of(directory).uid();
    MemorySource snapshot = new MemorySource();
    for (int mode : new int[] {0, 0444, 0600, 0644, 0664, 0666, 0755, 0777, 01644, 04755, 02755}) {
      Entry entry = file("m" + mode, 1).toBuilder().posix(posix(mode, self)).build();
      snapshot.put(entry, bytes("x"));
      if (self == 0) {
        Entry other = file("o" + mode, 1).toBuilder().posix(posix(mode, 4711)).build();
        snapshot.put(other, bytes("x"));
      }
    }
    restore(target(), snapshot);
    assertEquals("", Sources.text(context));
    for (Entry entry : snapshot.entries().values()) {
      Posix wanted = entry.posix().orElseThrow();
      Stat stat = Stat.of(directory.resolve(entry.path().toString()));
      assertEquals(wanted.mode(), stat.mode(), entry.toString());
      assertEquals(wanted.uid(), stat.uid(), entry.toString());
      assertEquals(wanted.gid(), stat.gid(), entry.toString());
    }
  }

  @Test
  void strip_removesLeadingSteps() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(directoryEntry("srv/", 0700))
            .put(directoryEntry("srv/up/", 0700))
            .file("srv/up/f", "f")
            .file("srv/short", "s");
    restore(target().strip(2), snapshot);
    assertEquals("f", read("f"));
    assertEquals(List.of("srv/short"), problemPaths());
  }

  @Test
  void strip_newTargetThatIsADirectoryOfTheSnapshot_getsItsModeAndTime() throws IOException {
    MemorySource snapshot = new MemorySource().put(directoryEntry("srv/", 0751)).file("srv/f", "f");
    Path fresh = directory.resolve("not/yet/there");
    restore(FilesTarget.into(fresh).strip(1), snapshot);
    assertEquals(0751, Stat.of(fresh).mode());
    assertEquals(TIME, Stat.of(fresh).modified());
  }

  @Test
  void directories_readOnlyOnes_areFilledAndFinishedLast() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(directoryEntry("a/", 0500))
            .put(directoryEntry("a/b/", 02555))
            .file("a/b/f", "f")
            .file("a/g", "g");
    restore(target(), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals("f", read("a/b/f"));
    assertEquals(0500, Stat.of(directory.resolve("a")).mode());
    assertEquals(02555, Stat.of(directory.resolve("a/b")).mode());
    assertEquals(TIME, Stat.of(directory.resolve("a")).modified());
    assertEquals(TIME, Stat.of(directory.resolve("a/b")).modified());
  }

  @Test
  void directories_thatTheSnapshotDoesNotHave_areImplied() throws IOException {
    restore(target(), new MemorySource().file("bucket/key/with/steps", "x").link("l/m", "n"));
    assertEquals("x", read("bucket/key/with/steps"));
    assertTrue(Files.isSymbolicLink(directory.resolve("l/m")));
  }

  @Test
  void delete_removesWhatTheSnapshotLacks_belowRestoredDirectoriesOnly() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    write("outside/victim", "untouched");
    write("d/extra", "x");
    write("d/extra-dir/deep/x", "x");
    write("d/sub/extra", "x");
    write("d/sub/keep", "old");
    write("implied/x", "stays");
    write("other", "stays");
    Files.createSymbolicLink(directory.resolve("d/extra-link"), outside);
    MemorySource snapshot =
        new MemorySource()
            .directory("d/")
            .file("d/a", "a")
            .directory("d/sub/")
            .file("d/sub/keep", "new")
            .file("implied/y", "y");
    restore(target().overwrite(Overwrite.ALWAYS).delete(), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals(List.of("a", "sub", "sub/keep"), listing(directory.resolve("d")));
    assertEquals("stays", read("implied/x"));
    assertEquals("stays", read("other"));
    assertEquals("untouched", read("outside/victim"));
    assertEquals(4, context.counts().get("deleted"));
  }

  @Test
  void delete_whatIsRefusedBecauseItIsThere_isNotDeletedEither() throws IOException {
    write("d/was-file", "mine");
    write("d/was-dir/x", "mine");
    MemorySource snapshot =
        new MemorySource().directory("d/").directory("d/was-file/").file("d/was-dir", "theirs");
    restore(target().delete(), snapshot);
    assertEquals(List.of("d/was-dir", "d/was-file/"), problemPaths());
    assertEquals("mine", read("d/was-file"));
    assertEquals("mine", read("d/was-dir/x"));
  }

  @Test
  void delete_strippedPathsThatMixDirectories_deletesNothingMore() throws IOException {
    MemorySource snapshot =
        new MemorySource().directory("a/").file("a/x", "x").directory("b/").file("b/w", "w");
    write("mine", "stays");
    restore(target().strip(1).delete(), snapshot);
    assertEquals(List.of("mine", "w", "x"), listing(directory));
    assertTrue(Sources.text(context).contains("Nothing more was deleted"), Sources.text(context));
  }

  @Test
  void delete_manyNamesThatSortOddly_keepsAllOfTheSnapshot() throws IOException {
    MemorySource snapshot = new MemorySource().directory("d/");
    for (String name : List.of("a", "a-b", "a.b", "a0", "b")) {
      snapshot.file("d/" + name + "-file", "x").directory("d/" + name + "/");
      write("d/" + name + "~", "extra");
    }
    restore(target().delete(), snapshot);
    assertEquals(10, listing(directory.resolve("d")).size());
    assertEquals(5, context.counts().get("deleted"));
  }

  @Test
  void verify_whatIsNotAsWritten_isNamed() throws IOException {
    MemorySource snapshot = new MemorySource().file("a", "content").file("b", "content");
    boolean[] second = {false};
    HookedContents.Hook spoil =
        entry -> {
          if (second[0] && entry.path().toString().equals("a")) {
            write("a", "cONtent");
          }
          second[0] |= entry.path().toString().equals("b");
        };
    MemoryContents contents = MemoryContents.of(snapshot).threads(1);
    restore(target().verify(), new HookedContents(contents, spoil, entry -> {}));
    assertEquals("a", contents.problems().get(0).path().orElseThrow().toString());
    assertTrue(contents.problems().get(0).message().contains("differs from the snapshot at 1"));
    assertEquals(1, context.counts().get("files verified"));
  }

  @Test
  void hardLinks_amongRestored_areLinkedAcrossDirectories() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(member("a/m", 3), bytes("mmm"))
            .put(member("b/m", 3), bytes("mmm"))
            .put(member("c", 3), bytes("mmm"));
    restore(target().verify(), MemoryContents.of(snapshot).select("b").select("c"));
    assertEquals("", Sources.text(context));
    assertFalse(Files.exists(directory.resolve("a")));
    assertEquals("mmm", read("b/m"));
    assertEquals(
        Stat.of(directory.resolve("b/m")).inode(), Stat.of(directory.resolve("c")).inode());
    assertEquals(2, Stat.of(directory.resolve("c")).links());
  }

  @Test
  void hardLinks_leaderCannotBeWritten_othersAreAllTheSame() throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .put(member("a", 3), bytes("mmm"))
            .put(member("b", 3), bytes("mmm"))
            .put(member("c", 3), bytes("mmm"));
    HookedContents.Hook fail =
        entry -> {
          if (entry.path().toString().equals("a")) {
            throw new IOException("the disk is tired");
          }
        };
    restore(target(), new HookedContents(MemoryContents.of(snapshot), e -> {}, fail));
    assertEquals(List.of("b", "c"), listing(directory));
    assertEquals("mmm", read("b"));
    assertEquals("mmm", read("c"));
    assertEquals(2, context.restored().size());
  }

  @Test
  void hardLinks_leaderIsThereAlready_nextLeads() throws IOException {
    write("a", "mine");
    MemorySource snapshot =
        new MemorySource()
            .put(member("a", 3), bytes("mmm"))
            .put(member("b", 3), bytes("mmm"))
            .put(member("c", 3), bytes("mmm"));
    restore(target(), snapshot);
    assertEquals("mine", read("a"));
    assertEquals(Stat.of(directory.resolve("b")).inode(), Stat.of(directory.resolve("c")).inode());
    assertEquals(List.of("a"), problemPaths());
  }

  @Test
  void missingPieces_fileIsMarkedAndThePiecesAreListed() throws IOException {
    MemorySource snapshot = new MemorySource().file("f", 10_000, 1);
    restore(target(), MemoryContents.of(snapshot).missing("f", 1000, 500).missing("f", 9000, 1000));
    assertEquals(List.of("f.incomplete", "f.missing"), listing(directory));
    assertEquals(10_000, Files.size(directory.resolve("f.incomplete")));
    List<String> pieces = Files.readAllLines(directory.resolve("f.missing"));
    assertEquals(
        List.of("1000 500 its pack is lost", "9000 1000 its pack is lost"),
        pieces.stream().sorted().toList());
    assertEquals(List.of(), context.restored());
    assertEquals(List.of("f"), problemPaths());
  }

  @Test
  void manyUnfinishedFiles_areKeptApart() throws IOException {
    MemorySource snapshot = new MemorySource();
    for (int i = 0; i < 400; i++) {
      snapshot.file("f" + i, 300 + i, i);
    }
    restore(target().verify(), MemoryContents.of(snapshot).pieceBytes(50));
    assertEquals("", Sources.text(context));
    assertEquals(400, context.counts().get("files verified"));
  }

  @Test
  void interrupted_leavesOnlyWholeFiles() {
    MemorySource snapshot = new MemorySource().file("a", "a").file("b", "b").file("c", "c");
    HookedContents.Hook stop =
        entry -> {
          if (entry.path().toString().equals("b")) {
            throw new IOException("pulled the plug");
          }
        };
    SnapshotContents contents =
        new HookedContents(MemoryContents.of(snapshot).threads(1), stop, entry -> {});
    assertThrows(AssertionError.class, () -> restore(target(), contents));
    assertFalse(Files.exists(directory.resolve("b")));
  }

  @Test
  void deepTreeBeyondTheLongestPath_isRestored() throws Exception {
    MemorySource snapshot = new MemorySource();
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      path.append("d".repeat(200)).append('/');
      snapshot.directory(path.toString());
    }
    snapshot.file(path + "f", "deep");
    restore(target().verify(), snapshot);
    assertEquals("", Sources.text(context));
    assertEquals(1, context.counts().get("files verified"));
    restore(target().overwrite(Overwrite.ALWAYS).delete(), new MemorySource().directory("e/"));
    assertEquals(
        0, new ProcessBuilder("rm", "-rf", directory + "/" + "d".repeat(200)).start().waitFor());
  }

  @Test
  void dryRun_saysWhatARestoreWouldAndMakesNothing() throws IOException {
    write("f", "mine");
    write("d/extra", "x");
    context = RecordingContext.forDryRun();
    MemorySource snapshot =
        new MemorySource()
            .file("f", "theirs")
            .directory("d/")
            .file("d/new", "x")
            .file("../evil", "x")
            .directory("e/")
            .file("e/f", "x");
    restore(target().delete(), snapshot);
    assertEquals(List.of("../evil", "f"), problemPaths());
    assertEquals(4, context.restored().size());
    assertEquals(1, context.counts().get("deleted"));
    assertEquals(List.of("d", "d/extra", "f"), listing(directory));
    restore(FilesTarget.into(directory.resolve("no")), new MemorySource().file("x", "x"));
    assertFalse(Files.exists(directory.resolve("no")));
  }

  @Test
  void everyDescriptor_isClosedInTheEnd() throws IOException {
    MemorySource snapshot = new MemorySource().put(member("m", 3), bytes("mmm"));
    snapshot.put(member("n", 3), bytes("mmm"));
    for (int i = 0; i < 50; i++) {
      snapshot.put(directoryEntry("d" + i + "/", 0755)).file("d" + i + "/f", 5_000, i);
    }
    FilesTarget target = target().overwrite(Overwrite.CHANGED).delete().verify();
    restore(target, snapshot);
    long before = descriptors();
    restore(target, snapshot);
    assertEquals(before, descriptors());
  }

  /** Those of this process that lead to the target. */
  private long descriptors() throws IOException {
    long count = 0;
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : all.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          count += Files.readSymbolicLink(descriptor).startsWith(directory) ? 1 : 0;
        }
      }
    }
    return count;
  }

  @Test
  void targetThatIsAFile_failsAsAWhole() throws IOException {
    write("f", "mine");
    assertThrows(
        IOException.class,
        () -> restore(FilesTarget.into(directory.resolve("f")), new MemorySource().file("x", "")));
  }

  @Test
  void targetThatIsALink_isFollowed() throws IOException {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    restore(FilesTarget.into(link), new MemorySource().file("x", "x"));
    assertEquals("x", read("real/x"));
  }

  @Test
  void otherFileSystemBelowTheTarget_isWrittenTo() throws IOException {
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared) && Stat.of(shared).device() != Stat.of(directory).device());
    Path other = Files.createTempDirectory(shared, "varve-test");
    try (Folder here = Folder.open(directory.toRealPath(), new TargetSettings(directory));
        Folder there = Folder.open(other, new TargetSettings(other));
        Staging staging = Staging.begin(here, directory.toRealPath(), SystemCalls.find())) {
      Metadata metadata =
          new Metadata(
              new TargetSettings(directory), Stat.of(directory), new Shortfalls(), context);
      Entry entry = file("f", 1).toBuilder().posix(posix(0640)).build();
      new Publisher(staging, here)
          .publish(
              there,
              Path.of("f"),
              at -> {
                Files.writeString(at, "x");
                metadata.apply(at, entry);
              });
      assertEquals(List.of("f"), listing(other));
      assertEquals(TIME, Stat.of(other.resolve("f")).modified());
    } finally {
      WalkTest.deleteTree(other);
    }
  }

  @Test
  void provider_translatesOptions() throws IOException {
    FilesTargetProvider provider = new FilesTargetProvider();
    Options options =
        Options.of("file", Map.of("strip", List.of("1"), "overwrite", List.of("always")));
    write("f", "mine");
    provider
        .create(Location.parse(directory.toString()), options)
        .restore(MemoryContents.of(new MemorySource().file("a/f", "theirs")), context);
    assertEquals("theirs", read("f"));
    Options wrong = Options.of("file", Map.of("overwrite", List.of("maybe")));
    assertThrows(
        ConfigurationException.class,
        () -> provider.create(Location.parse(directory.toString()), wrong));
  }

  private FilesTarget target() {
    return FilesTarget.into(directory);
  }

  private void restore(FilesTarget to, MemorySource snapshot) throws IOException {
    MemoryContents contents = MemoryContents.of(snapshot);
    restore(to, contents);
    contents.problems().forEach(p -> context.warn(p.path().orElseThrow(), p.message()));
  }

  private void restore(FilesTarget to, SnapshotContents contents) throws IOException {
    to.restore(leaks.watch(contents), context);
  }

  private List<String> problemPaths() {
    return context.problemPaths().stream().map(EntryPath::toString).sorted().toList();
  }

  private void write(String name, String content) throws IOException {
    Files.createDirectories(directory.resolve(name).getParent());
    Files.writeString(directory.resolve(name), content);
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private static List<String> listing(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      return all.filter(p -> !p.equals(top))
          .map(p -> top.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  private static Entry directoryEntry(String path, int mode) {
    return Entry.builder(EntryPath.of(path), EntryKind.DIRECTORY)
        .modified(TIME)
        .posix(posix(mode))
        .build();
  }

  private static Entry file(String path, long size) {
    return Entry.builder(EntryPath.of(path), EntryKind.FILE).size(size).modified(TIME).build();
  }

  private static Entry member(String path, long size) {
    return file(path, size).toBuilder().hardLinkGroup(7).build();
  }

  private static Posix posix(int mode) {
    return posix(mode, 0);
  }

  private static Posix posix(int mode, long owner) {
    return new Posix(mode, owner, owner, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
