package dev.varve.source.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CancelledException;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.source.Content;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.testkit.ForwardingRun;
import dev.varve.testkit.MemoryStore;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Pipes that are read as if they were files. */
@DisabledOnOs(OS.WINDOWS)
class SpecialFilesTest {

  @TempDir Path directory;

  private final Repository repository = Repository.create(new MemoryStore(), KeyFile.generate());
  private Path pipe = Path.of("");

  @BeforeEach
  void make() throws Exception {
    pipe = Files.createDirectory(directory.toRealPath().resolve("tree")).resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
  }

  @AfterEach
  void close() {
    repository.close();
  }

  @Test
  void rereadable_pipesAreRead_isNot() {
    FilesSource source = FilesSource.of(directory);
    assertTrue(source.rereadable());
    assertFalse(source.readSpecial().rereadable(), "a pipe gives its bytes once");
  }

  @Test
  void backup_notTold_pipeStaysAPipe() throws IOException {
    List<Entry> entries =
        Sources.entries(FilesSource.of(directory.resolve("tree")), new RecordingContext());

    assertEquals(EntryKind.FIFO, entries.get(1).kind());
  }

  @Test
  void backup_pipeWithAWriter_isAFileWithWhatItWrote() throws Exception {
    byte[] written = "insert\n".repeat(50_000).getBytes(UTF_8);
    CompletableFuture<Boolean> writer = writing(written);
    FilesSource source = FilesSource.of(directory.resolve("tree")).readSpecial();

    Snapshot snapshot = repository.backup(source).snapshot();

    assertTrue(writer.get());
    Path back = directory.resolve("back");
    RestoreReport report = repository.restore(snapshot, FilesTarget.into(back));
    assertTrue(report.complete(), report::toString);
    Path restored = back.resolve(pipe.toString().substring(1));
    assertArrayEquals(written, Files.readAllBytes(restored));
  }

  @Test
  void backup_rootIsALinkToAPipe_isRead() throws Exception {
    Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), pipe);
    CompletableFuture<Boolean> writer = writing("some".getBytes(UTF_8));

    Snapshot snapshot = repository.backup(FilesSource.of(link).readSpecial()).snapshot();

    assertTrue(writer.get());
    try (InputStream content = repository.content(snapshot, link.toString().substring(1))) {
      assertEquals("some", new String(content.readAllBytes(), UTF_8));
    }
  }

  @Test
  void backup_linkBelowARootToAPipe_staysALink() throws IOException {
    Path links = Files.createDirectory(directory.resolve("links"));
    Files.createSymbolicLink(links.resolve("link"), pipe);

    List<Entry> entries =
        Sources.entries(FilesSource.of(links).readSpecial(), new RecordingContext());

    assertEquals(EntryKind.SYMBOLIC_LINK, entries.get(1).kind());
  }

  @Test
  void backup_writerWritesNothing_contentIsEmpty() throws Exception {
    CompletableFuture<Boolean> writer = writing(new byte[0]);

    Snapshot snapshot = repository.backup(FilesSource.of(pipe).readSpecial()).snapshot();

    assertTrue(writer.get());
    assertEquals(0, repository.find(snapshot, entryPath()).orElseThrow().size());
  }

  @Test
  void close_nobodyWrites_endsTheWaiting() throws Exception {
    FilesSource source = FilesSource.of(pipe).readSpecial();
    try (SourceRun run = source.begin(new RecordingContext())) {
      Content content = run.open(run.entries().next().orElseThrow());
      CompletableFuture<Boolean> failed = CompletableFuture.supplyAsync(() -> failsToRead(content));
      content.close();

      assertTrue(failed.get());
      assertThrows(IOException.class, () -> content.read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void close_writerPauses_endsTheRead() throws Exception {
    FilesSource source = FilesSource.of(pipe).readSpecial();
    try (SourceRun run = source.begin(new RecordingContext())) {
      Content content = run.open(run.entries().next().orElseThrow());
      CompletableFuture<FileChannel> writer = CompletableFuture.supplyAsync(this::openToWrite);
      CompletableFuture<Boolean> begun =
          writer.thenApplyAsync(to -> write(to, "begun".getBytes(UTF_8)));
      assertEquals(5, content.read(ByteBuffer.allocate(10)));
      assertTrue(begun.get());
      CompletableFuture<Boolean> failed = CompletableFuture.supplyAsync(() -> failsToRead(content));
      content.close();

      assertTrue(failed.get());
      writer.get().close();
    }
  }

  @Test
  void backup_cancelledWhileNobodyWrites_ends() throws Exception {
    FilesSource source = FilesSource.of(directory.resolve("tree")).readSpecial();
    CompletableFuture<Boolean> listed = new CompletableFuture<>();
    AtomicReference<Optional<Throwable>> outcome = new AtomicReference<>(Optional.empty());
    Thread host =
        new Thread(
            () -> {
              try {
                repository.backup(announcing(source, listed));
              } catch (RuntimeException failure) {
                outcome.set(Optional.of(failure));
              }
            });
    host.start();
    assertTrue(listed.get());
    host.interrupt();
    host.join();

    assertEquals(CancelledException.class, outcome.get().orElseThrow().getClass());
    assertTrue(repository.snapshots().isEmpty());
  }

  /** The source, which tells when the first content is opened. */
  private static Source announcing(Source source, CompletableFuture<Boolean> opened) {
    return new Source() {
      @Override
      public SourceIdentity identity() {
        return source.identity();
      }

      @Override
      public SourceRun begin(SourceContext context) throws IOException {
        return new ForwardingRun(source.begin(context)) {
          @Override
          public Content open(Entry entry) throws IOException {
            Content content = super.open(entry);
            opened.complete(true);
            return content;
          }
        };
      }
    };
  }

  private EntryPath entryPath() {
    return EntryPath.of(pipe.toString().substring(1));
  }

  private CompletableFuture<Boolean> writing(byte[] bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (FileChannel to = openToWrite()) {
            return write(to, bytes);
          } catch (IOException failure) {
            return false;
          }
        });
  }

  private FileChannel openToWrite() {
    try {
      return FileChannel.open(pipe, StandardOpenOption.WRITE);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static boolean write(FileChannel to, byte[] bytes) {
    try {
      for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
        to.write(left);
      }
      return true;
    } catch (IOException failure) {
      return false;
    }
  }

  private static boolean failsToRead(Content content) {
    try {
      content.read(ByteBuffer.allocate(10));
      return false;
    } catch (IOException closed) {
      return true;
    }
  }
}
