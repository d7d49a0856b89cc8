package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.target.SnapshotContents;
import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a snapshot says and whoever plays with the target: nothing outside is touched. */
@EnabledOnOs(OS.LINUX)
class HostileRestoreTest {

  @TempDir Path directory;
  @TempDir Path elsewhere;

  private final RecordingContext context = new RecordingContext();
  private Path target;
  private Path outside;
  private String before = "";

  @BeforeEach
  void lookAround() throws IOException {
    target = Files.createDirectories(directory.resolve("deep/er/target"));
    outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("victim"), "untouched");
    before = surroundings();
  }

  @AfterEach
  void nothingOutsideIsTouched() throws IOException {
    assertEquals(before, surroundings());
    try (Stream<Path> left = Files.list(target)) {
      assertFalse(left.anyMatch(p -> p.getFileName().toString().startsWith(Staging.PREFIX)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "..",
        "../",
        "a/../../evil",
        "a/..",
        "/evil",
        "//evil",
        "a//evil",
        ".",
        "./evil",
        "a/./evil",
        "a/",
        "evil/..",
        "../../../../../../../../../../tmp/varve-evil"
      })
  void restore_nameThatLeadsElsewhere_isRefusedAndNamed(String name) throws IOException {
    for (EntryKind kind : List.of(EntryKind.FILE, EntryKind.SYMBOLIC_LINK, EntryKind.DIRECTORY)) {
      if (name.equals("a/") && kind == EntryKind.DIRECTORY) {
        continue;
      }
      Entry.Builder entry = Entry.builder(EntryPath.of(name), kind);
      if (kind == EntryKind.SYMBOLIC_LINK) {
        entry.linkTarget(EntryPath.of("/"));
      }
      RecordingContext said = new RecordingContext();
      FilesTarget.into(target)
          .overwrite(Overwrite.ALWAYS)
          .restore(MemoryContents.of(new MemorySource().put(entry.build(), new byte[0])), said);
      assertEquals(List.of(EntryPath.of(name)), said.problemPaths(), kind + " " + name);
      assertEquals(List.of(), said.restored());
    }
    try (Stream<Path> there = Files.list(target)) {
      assertEquals(0, there.count());
    }
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void restore_throughALinkOfTheSnapshot_isRefused(Overwrite overwrite) throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .link("link", outside.toString())
            .file("link/victim", "evil")
            .file("link/new", "evil")
            .directory("link/sub/");
    restore(FilesTarget.into(target).overwrite(overwrite), MemoryContents.of(snapshot));
    assertTrue(Files.isSymbolicLink(target.resolve("link")));
    assertEquals(
        List.of("link/new", "link/sub/", "link/victim"),
        context.problemPaths().stream().map(EntryPath::toString).toList());
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void restore_linkAndDirectoryOfOneName_secondIsRefused(Overwrite overwrite) throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .link("link", outside.toString())
            .directory("link/")
            .file("link/victim", "evil");
    restore(FilesTarget.into(target).overwrite(overwrite), MemoryContents.of(snapshot));
    assertTrue(Files.isSymbolicLink(target.resolve("link")));
    assertTrue(context.problemPaths().contains(EntryPath.of("link/")), Sources.text(context));
    assertTrue(context.problemPaths().contains(EntryPath.of("link/victim")));
  }

  @Test
  void restore_plantedLinkToADirectory_isNotFollowed() throws IOException {
    Files.createSymbolicLink(target.resolve("a"), outside);
    MemorySource snapshot = new MemorySource().directory("a/").file("a/victim", "restored");
    restore(FilesTarget.into(target), MemoryContents.of(snapshot));
    assertEquals(2, context.problems().size(), Sources.text(context));
    assertTrue(Files.isSymbolicLink(target.resolve("a")));

    restore(
        FilesTarget.into(target).overwrite(Overwrite.ALWAYS).delete(), MemoryContents.of(snapshot));
    assertFalse(Files.isSymbolicLink(target.resolve("a")));
    assertEquals("restored", Files.readString(target.resolve("a/victim")));
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void restore_plantedLinksAtFiles_areNotFollowed(Overwrite overwrite) throws IOException {
    Files.createSymbolicLink(target.resolve("f"), outside.resolve("victim"));
    Files.createSymbolicLink(target.resolve("g"), outside.resolve("made"));
    Files.createLink(target.resolve("h"), outside.resolve("victim"));
    MemorySource snapshot =
        new MemorySource().file("f", "evil").file("g", "evil").file("h", "evil");
    restore(FilesTarget.into(target).overwrite(overwrite).verify(), MemoryContents.of(snapshot));
    boolean replaced = overwrite == Overwrite.CHANGED || overwrite == Overwrite.ALWAYS;
    assertEquals(!replaced, Files.isSymbolicLink(target.resolve("f")));
    assertEquals(replaced ? "evil" : "untouched", Files.readString(target.resolve("h")));
    Files.delete(target.resolve("h"));
  }

  @Test
  void restore_hardLinkThatIsRight_keepsTheModeOfWhatIsOutside() throws IOException {
    Path shared = Files.createLink(target.resolve("h"), outside.resolve("victim"));
    Entry entry =
        Entry.builder(EntryPath.of("h"), EntryKind.FILE)
            .size(9)
            .modified(Files.getLastModifiedTime(shared).toInstant())
            .posix(posix(0777, 1))
            .build();
    MemorySource snapshot = new MemorySource().put(entry, bytes("untouched"));
    restore(FilesTarget.into(target).overwrite(Overwrite.CHANGED), MemoryContents.of(snapshot));
    assertEquals(0777, Stat.of(shared).mode());
    assertEquals(1, Stat.of(shared).links());
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void restore_attributesOfWhatIsThere_neverReachOutside(Overwrite overwrite) throws IOException {
    Path shared = Files.createLink(target.resolve("h"), outside.resolve("victim"));
    Files.createSymbolicLink(target.resolve("d"), outside);
    Files.createSymbolicLink(target.resolve("l"), outside.resolve("victim"));
    Attributes evil = Attributes.none().with("xattr.user.evil", "evil");
    MemorySource snapshot = new MemorySource();
    for (String name : List.of("h", "l", "d/")) {
      boolean file = !name.endsWith("/");
      EntryKind kind = file ? EntryKind.FILE : EntryKind.DIRECTORY;
      Entry entry =
          Entry.builder(EntryPath.of(name), kind)
              .size(file ? 9 : 0)
              .modified(Files.getLastModifiedTime(shared).toInstant())
              .posix(posix(0777, 1))
              .attributes(evil)
              .build();
      snapshot.put(entry, file ? bytes("untouched") : new byte[0]);
    }
    restore(FilesTarget.into(target).overwrite(overwrite).delete(), MemoryContents.of(snapshot));
    restore(FilesTarget.into(target).overwrite(overwrite).delete(), MemoryContents.of(snapshot));
    Files.delete(target.resolve("h"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xattr.",
        "xattr.%",
        "xattr.%0",
        "xattr.%zz",
        "xattr.user.a%00b",
        "xattr.%73ecurity.capability",
        "xattr.nonsense",
        "xattr.user.",
      })
  void restore_attributesOfOddNames_areRefusedOrKeptAndNothingIsGranted(String key)
      throws IOException {
    Entry entry =
        Entry.builder(EntryPath.of("f"), EntryKind.FILE)
            .posix(posix(0755, 1))
            .attributes(Attributes.none().with(key, "x"))
            .build();
    MemorySource snapshot = new MemorySource().put(entry, new byte[0]);
    restore(FilesTarget.into(target).owners(false), MemoryContents.of(snapshot));
    assertEquals(List.of(EntryPath.of("f")), context.problemPaths(), Sources.text(context));
    assertEquals(
        Attributes.none(),
        Sources.entries(FilesSource.of(target.resolve("f")), context).get(0).attributes());
  }

  @Test
  void restore_capabilityOfAnotherOwner_isNotGiven() throws Exception {
    assumeTrue(Tools.tried("setcap", "cap_chown=+ep", outside.resolve("victim").toString()));
    before = surroundings();
    Entry given = Sources.entries(FilesSource.of(outside.resolve("victim")), context).get(0);
    assertTrue(given.attributes().find("xattr.security.capability").isPresent());
    Entry entry =
        Entry.builder(EntryPath.of("f"), EntryKind.FILE)
            .posix(posix(0755, 4711))
            .attributes(given.attributes())
            .build();
    MemorySource snapshot = new MemorySource().put(entry, new byte[0]);
    restore(FilesTarget.into(target).owners(false), MemoryContents.of(snapshot));
    assertEquals("", Tools.run("getcap", target.resolve("f").toString()));
    assertTrue(Sources.text(context).contains("capabilities are restored by root only"));
  }

  @Test
  void restore_namesThatOneFileSystemTakesForOne_areKeptOnceAndNamed() throws Exception {
    try (FoldingFileSystem folding = FoldingFileSystem.mount(elsewhere)) {
      MemorySource snapshot =
          new MemorySource()
              .file("README", "first")
              .file("readme", "second")
              .file("\u00e4", "first")
              .file("a\u0308", "second")
              .directory("Sub/")
              .file("Sub/x", "first")
              .link("sub", outside.toString())
              .file("sub/victim", "evil");
      for (Overwrite overwrite : Overwrite.values()) {
        RecordingContext said = new RecordingContext();
        MemoryContents contents = MemoryContents.of(snapshot);
        Path inside = Files.createDirectory(folding.path().resolve(overwrite.name()));
        FilesTarget.into(inside).overwrite(overwrite).restore(contents, said);
        Set<EntryPath> accounted = new TreeSet<>(said.problemPaths());
        contents.problems().forEach(problem -> accounted.add(problem.path().orElseThrow()));
        said.restored().forEach(entry -> assertTrue(accounted.add(entry.path()), "both " + entry));
        assertEquals(snapshot.entries().keySet(), accounted);
        assertEquals(4, said.restored().size(), said.restored().toString());
      }
    }
  }

  @Test
  void restore_plantedPipes_doNotBlock() throws Exception {
    for (String name : List.of("pipe", "a")) {
      assertEquals(
          0, new ProcessBuilder("mkfifo", target.resolve(name).toString()).start().waitFor());
    }
    MemorySource snapshot =
        new MemorySource().file("pipe", "evil").directory("a/").file("a/x", "evil");
    restore(FilesTarget.into(target).verify().delete(), MemoryContents.of(snapshot));
    assertTrue(context.problems().size() >= 3, Sources.text(context));
  }

  /** The directory is swapped for a link right after it was restored, before its files come. */
  @Test
  void restore_directorySwappedForALink_isNotFollowed() throws IOException {
    MemorySource snapshot = new MemorySource();
    for (String d : List.of("a", "b", "c")) {
      snapshot.directory(d + "/").directory(d + "/sub/").link(d + "/sub/l", "x");
      for (int i = 0; i < 20; i++) {
        snapshot.file(d + "/sub/f" + i, "content").file(d + "/victim" + i, "content");
      }
    }
    HookedContents.Hook swap =
        entry -> {
          Path made = target.resolve(entry.path().toString());
          if (Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)
              && !Files.isSymbolicLink(made.getParent())) {
            Files.move(made, made.resolveSibling(made.getFileName() + "-away"));
            Files.createSymbolicLink(made, outside);
          }
        };
    restore(
        FilesTarget.into(target).overwrite(Overwrite.ALWAYS).delete().verify(),
        new HookedContents(MemoryContents.of(snapshot), swap, entry -> {}));
  }

  /** A thread swaps a directory for a link and back as fast as it can. */
  @Test
  void restore_directorySwappedAllTheTime_isNotFollowed() throws Exception {
    MemorySource snapshot = new MemorySource();
    for (int d = 0; d < 20; d++) {
      snapshot.directory("a/" + d + "/").link("a/" + d + "/l", "x");
      for (int i = 0; i < 10; i++) {
        snapshot.file("a/" + d + "/f" + i, "content");
      }
    }
    snapshot.put(
        Entry.builder(EntryPath.of("a/"), EntryKind.DIRECTORY)
            .posix(posix(0711, 4711))
            .attributes(Attributes.none().with("xattr.user.evil", "evil"))
            .build());
    Path swapped = Files.createDirectory(target.resolve("a"));
    Path link = Files.createSymbolicLink(target.resolve("link"), outside);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger swaps = new AtomicInteger();
    Thread swapper =
        new Thread(
            () -> {
              Path away = target.resolve("away");
              while (!done.get()) {
                boolean inPlace = moved(swapped, away) && moved(link, swapped);
                swaps.addAndGet(inPlace ? 1 : 0);
                if (!moved(swapped, link) || !moved(away, swapped)) {
                  moved(away, target.resolve("away" + swaps.get()));
                }
              }
            });
    swapper.start();
    try {
      // A busy machine may let the other thread wait; there are rounds enough for it to have a
      // turn.
      for (int round = 0; round < 4 || (swaps.get() <= 100 && round < 4000); round++) {
        restore(
            FilesTarget.into(target)
                .overwrite(round % 2 == 0 ? Overwrite.ALWAYS : Overwrite.CHANGED),
            MemoryContents.of(snapshot));
      }
    } finally {
      done.set(true);
      swapper.join();
    }
    assertTrue(swaps.get() > 100, swaps + " swaps");
  }

  /** Moves something; not if the restore has made a directory there meanwhile. */
  private static boolean moved(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException inTheWay) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void restore_twoEntriesOfOneName_secondIsRefusedAndNamed(Overwrite overwrite) throws IOException {
    MemorySource snapshot =
        new MemorySource()
            .file("a/x", "first")
            .file("b/x", "second")
            .file("a/y", "first")
            .directory("a/y/")
            .file("a/y/z", "second");
    MemoryContents contents = MemoryContents.of(snapshot);
    restore(FilesTarget.into(target).strip(1).overwrite(overwrite), contents);
    Set<EntryPath> accounted = new TreeSet<>(context.problemPaths());
    context.restored().forEach(entry -> assertTrue(accounted.add(entry.path()), "both " + entry));
    contents.problems().forEach(problem -> accounted.add(problem.path().orElseThrow()));
    assertEquals(snapshot.entries().keySet(), accounted);
    int nodes = Files.isDirectory(target.resolve("y")) ? 3 : 2;
    assertEquals(nodes, context.restored().size(), context.restored().toString());
  }

  @Test
  void restore_setUserIdOfAnotherOwner_isTakenAway() throws IOException {
    Entry entry =
        Entry.builder(EntryPath.of("suid"), EntryKind.FILE).posix(posix(06755, 4711)).build();
    MemorySource snapshot = new MemorySource().put(entry, new byte[0]);
    restore(FilesTarget.into(target).owners(false), MemoryContents.of(snapshot));
    assertEquals(0755, Stat.of(target.resolve("suid")).mode());
    assertTrue(Sources.text(context).contains("without set-uid"), Sources.text(context));
  }

  @Test
  void restore_devicesWithoutOwners_areNeverMade() throws IOException {
    MemorySource snapshot = new MemorySource();
    for (EntryKind kind :
        List.of(EntryKind.BLOCK_DEVICE, EntryKind.CHARACTER_DEVICE, EntryKind.SOCKET)) {
      for (int i = 0; i < 3; i++) {
        snapshot.put(device(kind.name() + i, kind, "8:0"));
      }
    }
    restore(FilesTarget.into(target).owners(false), MemoryContents.of(snapshot));
    assertEquals(3, context.problems().size(), Sources.text(context));
    assertTrue(Sources.text(context).contains("for root only, with owners (and 2 more)"));
    assertEquals(List.of(), context.restored());
    try (Stream<Path> there = Files.list(target)) {
      assertEquals(0, there.count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "8:", ":0", "8:0:0", "-1:0", "a:b", "99999999999:0", " 8:0"})
  void restore_deviceOfNoNumber_isRefusedAndNamed(String number) throws IOException {
    MemorySource snapshot = new MemorySource().put(device("d", EntryKind.CHARACTER_DEVICE, number));
    restore(FilesTarget.into(target), MemoryContents.of(snapshot));
    assertEquals(List.of(EntryPath.of("d")), context.problemPaths());
    assertFalse(Files.exists(target.resolve("d")));
  }

  private static Entry device(String path, EntryKind kind, String number) {
    return Entry.builder(EntryPath.of(path), kind)
        .attributes(Attributes.none().with("posix.device", number))
        .build();
  }

  @Test
  void restore_hardLinkGroupOfDifferentFiles_linksNone() throws IOException {
    MemorySource snapshot = new MemorySource();
    snapshot.put(member("a", 5), bytes("first"));
    snapshot.put(member("b", 6), bytes("second"));
    restore(FilesTarget.into(target), MemoryContents.of(snapshot));
    assertEquals("first", Files.readString(target.resolve("a")));
    assertEquals("second", Files.readString(target.resolve("b")));
  }

  @Test
  void restore_nameTooLongForTheFileSystem_isNamedAndTheRestRestored() throws IOException {
    MemorySource snapshot = new MemorySource().file("a", "a").file("n".repeat(256), "b");
    MemoryContents contents = MemoryContents.of(snapshot);
    restore(FilesTarget.into(target), contents);
    assertEquals("a", Files.readString(target.resolve("a")));
    assertEquals(1, context.problems().size() + contents.problems().size());
  }

  @Test
  void restore_linksWhoseTargetsAreNonsense_areKeptOrNamed() throws IOException {
    MemorySource snapshot = new MemorySource().link("a", "x//y/").link("b", "t".repeat(5000));
    restore(FilesTarget.into(target), MemoryContents.of(snapshot));
    assertEquals("x//y/", Files.readSymbolicLink(target.resolve("a")).toString());
    assertEquals(List.of(EntryPath.of("b")), context.problemPaths());
  }

  @Test
  void restore_linksWhoseTargetsAreNonsenseWithoutNativeCalls_areKeptOrNamed() throws IOException {
    MemorySource snapshot = new MemorySource().link("a", "x//y/").link("b", "t".repeat(5000));
    restore(FilesTarget.into(target).withoutNativeCalls(), MemoryContents.of(snapshot));
    assertEquals("x/y", Files.readSymbolicLink(target.resolve("a")).toString());
    assertEquals(
        List.of("a", "b"), context.problemPaths().stream().map(EntryPath::toString).toList());
  }

  private void restore(FilesTarget to, SnapshotContents contents) throws IOException {
    to.restore(contents, context);
  }

  private static Entry member(String path, long size) {
    return Entry.builder(EntryPath.of(path), EntryKind.FILE).size(size).hardLinkGroup(7).build();
  }

  private static Posix posix(int mode, long uid) {
    return new Posix(mode, uid, uid, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String attributes(Path path) throws IOException {
    Optional<SystemCalls> calls = SystemCalls.find();
    return calls.isPresent() ? ExtendedAttributes.read(calls.get(), Spot.at(path)).toString() : "";
  }

  /** Everything around the target: names, kinds, modes, owners, times and contents. */
  private String surroundings() throws IOException {
    TreeMap<String, String> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.filter(p -> !p.startsWith(target)).toList()) {
        Stat stat = Stat.of(path);
        String content = stat.kind() == EntryKind.FILE ? Files.readString(path) : "";
        String owner = stat.uid() + ":" + stat.gid() + " " + attributes(path);
        all.put(
            path.toString(),
            stat.kind() + " " + stat.mode() + " " + owner + stat.modified() + content);
      }
    }
    return all.toString();
  }
}
