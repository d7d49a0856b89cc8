package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.ConfigurationException;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.source.Content;
import dev.varve.source.SourceRun;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class FilesSourceTest {

  @TempDir Path directory;

  private final RecordingContext context = new RecordingContext();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("file"), "before");
  }

  @Test
  void revision_settledFile_isKeptThroughReading() throws IOException {
    FilesSource source = settled();
    Entry first = only(source);
    assertTrue(first.revision().isPresent());
    assertEquals(first.revision(), read(source, first).revision());
    assertEquals(first.revision(), only(source).revision());
  }

  @Test
  void revision_fileWrittenAMomentAgo_isNone() throws IOException {
    Clock momentAfter = Clock.fixed(Stat.of(file).changed().plusMillis(1), ZoneOffset.UTC);
    FilesSource source = FilesSource.of(file).at(momentAfter);
    Entry young = only(source);
    assertEquals(Optional.empty(), young.revision());
    assertEquals(Optional.empty(), read(source, young).revision());
  }

  @Test
  void revision_ctimeInTheFuture_isNone() throws IOException {
    FilesSource past = FilesSource.of(file).at(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    assertEquals(Optional.empty(), only(past).revision());
  }

  @Test
  void revision_editRightAfterReadingSameSizeAndSameTime_differs() throws IOException {
    FilesSource source = settled();
    FileTime time = Files.getLastModifiedTime(file);
    Entry before = only(source);
    edit("behind");
    Files.setLastModifiedTime(file, time);
    Entry after = only(source);
    assertEquals(before.size(), after.size());
    assertEquals(before.modified(), after.modified());
    assertNotEquals(before.revision(), after.revision());
  }

  @Test
  void revision_replacedByAnotherFileOfTheSameLooks_differs() throws IOException {
    FilesSource source = settled();
    Entry before = only(source);
    Path other = Files.writeString(directory.resolve("other"), "behind");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.delete(file);
    Files.move(other, file);
    assertNotEquals(before.revision(), only(source).revision());
  }

  @Test
  void finished_editWhileReading_hasNoRevisionAndIsReported() throws IOException {
    FilesSource source = settled();
    Entry entry = only(source);
    try (SourceRun run = source.begin(context);
        Content content = run.open(entry)) {
      content.read(ByteBuffer.allocate(3));
      edit("BEHIND");
      Sources.bytes(content);
      assertEquals(Optional.empty(), content.finished().revision());
    }
    assertTrue(Sources.text(context).contains("changed while it was read"), Sources.text(context));
  }

  @Test
  void finished_editBetweenListingAndOpening_hasTheStateThatWasRead() throws IOException {
    FilesSource source = settled();
    Entry listed = only(source);
    Files.writeString(file, "behind!");
    Entry finished = read(source, listed);
    assertNotEquals(listed.revision(), finished.revision());
    assertEquals(only(source).revision(), finished.revision());
    assertEquals("", Sources.text(context));
  }

  @Test
  void finished_growsWhileReading_isReadOnAndReported() throws IOException {
    FilesSource source = settled();
    Entry entry = only(source);
    try (SourceRun run = source.begin(context);
        Content content = run.open(entry)) {
      content.read(ByteBuffer.allocate(100));
      Files.writeString(file, " and more", StandardOpenOption.APPEND);
      assertEquals(" and more", new String(Sources.bytes(content), StandardCharsets.UTF_8));
      assertFalse(content.finished().revision().isPresent());
    }
    assertFalse(context.problems().isEmpty());
  }

  @Test
  void finished_vanishesWhileReading_keepsWhatWasReadAndIsReported() throws IOException {
    FilesSource source = settled();
    Entry entry = only(source);
    try (SourceRun run = source.begin(context);
        Content content = run.open(entry)) {
      Files.delete(file);
      assertEquals("before", new String(Sources.bytes(content), StandardCharsets.UTF_8));
      assertFalse(content.finished().revision().isPresent());
    }
    assertTrue(Sources.text(context).contains("vanished"), Sources.text(context));
  }

  @Test
  void open_vanished_isNoSuchFile() throws IOException {
    FilesSource source = settled();
    Entry entry = only(source);
    try (SourceRun run = source.begin(context)) {
      Files.delete(file);
      assertThrows(NoSuchFileException.class, () -> run.open(entry));
    }
  }

  @Test
  void open_becameALinkOrADirectory_isRefused() throws IOException {
    FilesSource source = FilesSource.of(directory);
    Entry entry = only(settled());
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "secret");
    try (SourceRun run = source.begin(context)) {
      Files.delete(file);
      Files.createSymbolicLink(file, elsewhere);
      assertThrows(FileSystemException.class, () -> run.open(entry));
      Files.delete(file);
      Files.createDirectory(file);
      assertThrows(FileSystemException.class, () -> run.open(entry));
    }
  }

  @Test
  void entries_unreadable_areNamedAndTheRestGoesOn() throws IOException {
    assumeTrue(Stat.of(directory).uid() != 0, "root may read everything");
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setAttribute(closed, "unix:mode", 0);
    Files.setAttribute(file, "unix:mode", 0);
    FilesSource source = FilesSource.of(directory);
    try (SourceRun run = source.begin(context)) {
      List<Entry> entries = Sources.entries(run);
      assertEquals(3, entries.size());
      assertThrows(AccessDeniedException.class, () -> run.open(entries.get(2)));
    }
    Files.setAttribute(closed, "unix:mode", 0700);
    assertTrue(Sources.text(context).endsWith("closed/: cannot be listed: permission denied"));
  }

  @Test
  void begin_missingRoot_failsNamingItBeforeAnythingIsRead() {
    Path missing = directory.resolve("no-such");
    NoSuchFileException failure =
        assertThrows(
            NoSuchFileException.class, () -> FilesSource.of(directory, missing).begin(context));
    assertTrue(failure.toString().contains(missing.toString()), failure.toString());
    assertTrue(failure.toString().contains("check the path"), failure.toString());
  }

  @Test
  void begin_parentOfALink_isNotMistaken() throws IOException {
    Files.createDirectories(directory.resolve("real/sub"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real/sub"));
    FilesSource source = FilesSource.of(directory.resolve("link/../"));
    assertThrows(IOException.class, () -> source.begin(context));
  }

  @Test
  void entries_rootThatLinksToADirectory_isThatDirectory() throws IOException {
    Files.createDirectory(directory.resolve("real"));
    Files.writeString(directory.resolve("real/x"), "x");
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
    List<Entry> entries = Sources.entries(FilesSource.of(link), context);
    assertEquals(List.of("link/", "link/x"), Sources.names(entries, directory));
    assertEquals(EntryKind.DIRECTORY, entries.get(0).kind());
  }

  @Test
  void entries_keepKindsLinksTimesAndAttributes() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("../dangling//x"));
    Files.createLink(directory.resolve("hard"), file);
    FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789));
    Files.setLastModifiedTime(file, time);
    Files.setAttribute(file, "unix:mode", 04750);
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
        .write("colour %", ByteBuffer.wrap("red".getBytes(StandardCharsets.UTF_8)));
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

    Entry none = Entry.builder(EntryPath.of("none"), EntryKind.SOCKET).build();
    Map<String, Entry> byName = new HashMap<>();
    for (Entry entry : Sources.entries(FilesSource.of(directory), context)) {
      byName.put(Path.of("/" + entry.path()).getFileName().toString(), entry);
    }

    Entry kept = byName.getOrDefault("file", none);
    assertEquals(time.toInstant(), kept.modified().orElseThrow());
    assertEquals(04750, kept.posix().orElseThrow().mode());
    assertEquals(Optional.of("red"), kept.attributes().findText("xattr.user.colour%20%25"));
    assertTrue(kept.hardLinkGroup().isPresent());
    assertEquals(kept.hardLinkGroup(), byName.getOrDefault("hard", none).hardLinkGroup());
    assertEquals(
        "../dangling/x", byName.getOrDefault("link", none).linkTarget().orElseThrow().toString());
    assertEquals(EntryKind.FIFO, byName.getOrDefault("pipe", none).kind());
    assertEquals("", Sources.text(context));
  }

  @Test
  void entries_device_hasItsNumber() throws IOException {
    Entry device = only(FilesSource.of(Path.of("/dev/null")));
    assertEquals(EntryKind.CHARACTER_DEVICE, device.kind());
    assertEquals(Optional.of("1:3"), device.attributes().findText("posix.device"));
  }

  @Test
  void entries_ownerNames_areKept() throws IOException {
    Entry root = only(FilesSource.of(Path.of("/etc/passwd")));
    assertEquals(0, root.posix().orElseThrow().uid());
    assertEquals(Optional.of("root"), root.posix().orElseThrow().user());
  }

  @Test
  void content_isTheFile() throws IOException {
    byte[] much = new byte[100_000];
    new Random(1).nextBytes(much);
    Files.write(file, much);
    try (SourceRun run = settled().begin(context)) {
      assertArrayEquals(much, Sources.content(run, Sources.entries(run).get(0)));
    }
  }

  @Test
  void identity_isDescribedByRootsOrAsNamed() {
    FilesSource source = FilesSource.of(Path.of("/srv/b"), Path.of("/srv/a")).host("web-1");
    assertEquals("files:/srv/a,/srv/b@web-1", source.identity().toString());
    assertEquals("files:uploads@web-1", source.named("uploads").identity().toString());
    assertFalse(FilesSource.of(Path.of("/")).identity().host().isEmpty());
    assertThrows(ConfigurationException.class, () -> source.host("a@b"));
    assertThrows(ConfigurationException.class, () -> source.named("a\nb"));
    assertThrows(ConfigurationException.class, FilesSource::of);
  }

  @Test
  void provider_translatesLocationsAndOptions() throws IOException {
    FilesSourceProvider provider = new FilesSourceProvider();
    Options options =
        Options.of(
            "file",
            Map.of("name", List.of("n"), "host", List.of("h"), "exclude", List.of("*.tmp")));
    Files.writeString(directory.resolve("x.tmp"), "x");
    var source = provider.create(List.of(Location.parse(directory.toString())), options);
    assertEquals("files:n@h", source.identity().toString());
    assertEquals(
        List.of("file"), Sources.names(Sources.entries((FilesSource) source, context), directory));
    Options wrong = Options.of("file", Map.of("exlude", List.of("x")));
    ConfigurationException failure =
        assertThrows(
            ConfigurationException.class,
            () -> provider.create(List.of(Location.parse("file:///tmp")), wrong));
    assertTrue(failure.toString().contains("'exclude'"), failure.toString());
  }

  /** Writes in place, until it shows: what comes within a tick of a coarse clock looks the same. */
  private void edit(String content) throws IOException {
    Instant before = Stat.of(file).changed();
    do {
      Files.writeString(file, content);
    } while (Stat.of(file).changed().equals(before));
  }

  private FilesSource settled() {
    return FilesSource.of(file).at(Sources.LATER);
  }

  private Entry only(FilesSource source) throws IOException {
    return Sources.entries(source, context).get(0);
  }

  private Entry read(FilesSource source, Entry entry) throws IOException {
    try (SourceRun run = source.begin(context);
        Content content = run.open(entry)) {
      Sources.bytes(content);
      return content.finished();
    }
  }
}
