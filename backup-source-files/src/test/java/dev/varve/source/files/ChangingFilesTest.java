package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.BackupReport;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.SourceIdentity;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.source.Content;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.testkit.ForwardingRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that do not hold still: the backup goes on, and its snapshot says what is wrong. */
@EnabledOnOs(OS.LINUX)
class ChangingFilesTest {

  private static final int LARGE_BYTES = 3_000_000;

  @TempDir Path directory;

  private Path tree;
  private Path large;
  private Repository repository;

  /** What happens to the large file. */
  interface Change {
    void to(Path file) throws IOException;
  }

  @BeforeEach
  void grow() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("before"), "before");
    Files.writeString(tree.resolve("z-after"), "after");
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(1).nextBytes(bytes);
    large = Files.write(tree.resolve("large"), bytes);
    String store = directory.resolve("repository").toString();
    repository = Repository.create(store, KeyFile.generate());
  }

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void backup_fileGrowsWhileRead_isKeptAsReadAndNamed() throws IOException {
    BackupReport report =
        backup(
            file -> Files.writeString(file, "more", StandardOpenOption.APPEND), Optional.empty());
    assertNamed(report, "changed while it was read");
    assertEquals(LARGE_BYTES + 4, Files.size(restored(report, "large")));
  }

  @Test
  void backup_fileShrinksWhileRead_isKeptAsReadAndNamed() throws IOException {
    BackupReport report =
        backup(
            file -> {
              try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                out.truncate(LARGE_BYTES / 2);
              }
            },
            Optional.empty());
    assertNamed(report, "changed while it was read");
    assertEquals(LARGE_BYTES / 2, Files.size(restored(report, "large")));
  }

  @Test
  void backup_fileVanishesWhileRead_isKeptAsReadAndNamed() throws IOException {
    BackupReport report = backup(Files::delete, Optional.empty());
    assertNamed(report, "vanished while it was read");
    assertEquals(LARGE_BYTES, Files.size(restored(report, "large")));
  }

  @Test
  void backup_fileVanishesBeforeItIsRead_isLeftOutAndNamed() throws IOException {
    BackupReport report = backup(file -> {}, Optional.of(Files::delete));
    assertNamed(report, "");
    assertTrue(repository.find(report.snapshot(), path("large")).isEmpty());
    restored(report, "z-after");
  }

  @Test
  void backup_fileBecomesADirectoryBeforeItIsRead_isNamed() throws IOException {
    BackupReport report =
        backup(
            file -> {},
            Optional.of(
                file -> {
                  Files.delete(file);
                  Files.createDirectory(file);
                }));
    assertNamed(report, "no longer a file");
    restored(report, "z-after");
  }

  @Test
  void backup_fileThatCannotBeRead_isNamed() throws IOException {
    Path unreadable = Path.of("/proc/self/mem");
    assumeTrue(Files.exists(unreadable), "needs a file whose reading fails");
    BackupReport report = repository.backup(FilesSource.of(unreadable, tree));
    assertEquals(1, report.problems().size(), report.problems()::toString);
    assertEquals(
        Optional.of("proc/self/mem"),
        report
            .problems()
            .get(0)
            .path()
            .map(EntryPath::toString)
            .map(p -> p.replaceAll("\\d+", "self")));
    restored(report, "large");
  }

  @Test
  void backup_nextNight_readsAgainWhatChangedAndIsQuiet() throws IOException {
    backup(file -> Files.writeString(file, "more", StandardOpenOption.APPEND), Optional.empty());
    BackupReport next = repository.backup(FilesSource.of(tree));
    assertEquals(List.of(), next.problems());
    assertEquals(-1, Files.mismatch(large, restored(next, "large")));
  }

  @Test
  void backup_onlyAnAttributeChanged_isKept() throws IOException {
    Path file = tree.resolve("before");
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    assumeTrue(attributes != null, "needs extended attributes");
    FileTime modified = Files.getLastModifiedTime(file);
    FilesSource settled = FilesSource.of(tree).at(Sources.LATER);
    repository.backup(settled);
    attributes.write("colour", ByteBuffer.wrap(new byte[] {'r', 'e', 'd'}));
    assertEquals(modified, Files.getLastModifiedTime(file));

    BackupReport report = repository.backup(settled);

    Entry kept = repository.find(report.snapshot(), path("before")).orElseThrow();
    assertEquals(Optional.of("red"), kept.attributes().findText("xattr.user.colour"));
    assertEquals(2, report.statistics().files().unchanged());
  }

  private void assertNamed(BackupReport report, String reason) {
    List<Problem> problems = report.problems();
    assertEquals(1, problems.size(), problems::toString);
    assertEquals(Optional.of(path("large")), problems.get(0).path());
    assertTrue(problems.get(0).message().contains(reason), problems::toString);
    assertEquals(problems, repository.problems(report.snapshot()));
  }

  private EntryPath path(String name) {
    return EntryPath.ofBytes(RawNames.withoutRoot(tree.resolve(name)));
  }

  private Path restored(BackupReport report, String name) throws IOException {
    Path target = Files.createTempDirectory(directory, "restored");
    var restore =
        repository.restore(
            report.snapshot(), FilesTarget.into(target).strip(tree.getNameCount()).verify());
    assertFalse(Files.notExists(target.resolve("before")), restore.problems()::toString);
    assertEquals("after", Files.readString(target.resolve("z-after")));
    return target.resolve(name);
  }

  private BackupReport backup(Change whileRead, Optional<Change> beforeOpened) {
    return repository.backup(new Disturbed(FilesSource.of(tree), whileRead, beforeOpened));
  }

  /** A source where something happens to the large file after its first piece was read. */
  private record Disturbed(Source source, Change whileRead, Optional<Change> beforeOpened)
      implements Source {

    @Override
    public SourceIdentity identity() {
      return source.identity();
    }

    @Override
    public SourceRun begin(SourceContext context) throws IOException {
      return new ForwardingRun(source.begin(context)) {
        @Override
        public Content open(Entry entry) throws IOException {
          Path file = RawNames.path(entry.path().bytes());
          if (!file.endsWith("large")) {
            return super.open(entry);
          }
          if (beforeOpened.isPresent()) {
            beforeOpened.get().to(file);
          }
          return new DisturbedContent(super.open(entry), file, whileRead);
        }
      };
    }
  }

  private static final class DisturbedContent implements Content {

    private final Content content;
    private final Path file;
    private final Change change;
    private boolean changed;

    DisturbedContent(Content content, Path file, Change change) {
      this.content = content;
      this.file = file;
      this.change = change;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (changed) {
        return content.read(into);
      }
      changed = true;
      ByteBuffer little = into.slice(into.position(), Math.min(into.remaining(), 1_000));
      int count = content.read(little);
      into.position(into.position() + Math.max(count, 0));
      change.to(file);
      return count;
    }

    @Override
    public Entry finished() throws IOException {
      return content.finished();
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }
}
