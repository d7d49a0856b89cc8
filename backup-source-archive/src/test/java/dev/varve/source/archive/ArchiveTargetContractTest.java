package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import dev.varve.target.MissingContentException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.testkit.ForwardingContents;
import dev.varve.testkit.RecordingContext;
import dev.varve.testkit.TargetContractTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTargetContractTest extends TargetContractTest {

  @TempDir private Path directory = Path.of("");

  private final Set<EntryPath> obstructed = new HashSet<>();

  ArchiveTarget.Format format() {
    return ArchiveTarget.Format.TAR_ZST;
  }

  private Path file() {
    return directory.resolve("archive");
  }

  @Override
  protected Target target() {
    ArchiveTarget target = ArchiveTarget.to(file(), format());
    return (contents, context) -> target.restore(new Obstructed(contents), context);
  }

  @Override
  protected SortedMap<EntryPath, byte[]> written() throws IOException {
    SortedMap<EntryPath, byte[]> written = new TreeMap<>();
    if (!Files.exists(file())) {
      return written;
    }
    try (SourceRun run = ArchiveSource.of(file()).begin(new RecordingContext());
        EntryCursor entries = run.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        if (next.get().kind().hasContent()) {
          read(run, next.get()).ifPresent(bytes -> written.put(bytes.path(), bytes.bytes()));
        }
      }
      run.finish();
    }
    return written;
  }

  /** An archive can take anything; what cannot be had is what it cannot hold. */
  @Override
  protected void obstruct(EntryPath path) {
    obstructed.add(path);
  }

  private record Read(EntryPath path, byte[] bytes) {}

  private static Optional<Read> read(SourceRun run, Entry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer piece = ByteBuffer.allocate(1000);
    try (Content content = run.open(entry)) {
      while (content.read(piece) >= 0) {
        bytes.write(piece.array(), 0, piece.position());
        piece.clear();
      }
      return Optional.of(new Read(entry.path(), bytes.toByteArray()));
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("damaged when it was exported")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The same contents, some of which cannot be opened. */
  private final class Obstructed extends ForwardingContents {

    Obstructed(SnapshotContents contents) {
      super(contents);
    }

    @Override
    public InputStream open(EntryPath path) throws IOException {
      if (obstructed.contains(path)) {
        throw new MissingContentException(new Hole(path, 0, 1, "its pack is lost"));
      }
      return super.open(path);
    }
  }
}
