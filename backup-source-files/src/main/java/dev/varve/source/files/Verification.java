package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.Hole;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Reads back what was restored and compares it with the snapshot, in the order of the store. Used
 * once, after all was restored; its receiving methods by many threads.
 */
final class Verification implements Receiver, Closeable {

  private final Restoration.Parts parts;
  private final OpenFiles open = new OpenFiles();

  Verification(Restoration.Parts parts) {
    this.parts = parts;
  }

  void run(SnapshotContents contents) throws IOException {
    contents.deliver(this::isToBeCompared, this);
  }

  @Override
  public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(piece.remaining());
    try (OpenFiles.Loan loan = open.borrow(entry.path(), () -> read(entry))) {
      long at = offset;
      while (found.hasRemaining()) {
        int count = loan.file().read(found, at);
        if (count < 0) {
          throw new IOException("verifying: the restored file ends at " + at);
        }
        at += count;
      }
    }
    int mismatch = found.flip().mismatch(piece);
    if (mismatch >= 0) {
      throw new IOException(
          "verifying: what was read back differs from the snapshot at " + (offset + mismatch));
    }
  }

  @Override
  public void missing(Entry entry, Hole hole) {
    // It was reported while it was restored.
  }

  @Override
  public void complete(Entry entry) throws IOException {
    open.forget(entry.path());
    parts.context().count("files verified", 1);
  }

  @Override
  public void close() throws IOException {
    open.close();
  }

  private boolean isToBeCompared(Entry entry) {
    if (entry.kind() != EntryKind.FILE) {
      return false;
    }
    try {
      Place place = Place.of(entry, parts.settings().strip).orElseThrow();
      try (Folders.Loan loan = parts.folders().borrow(place.parent())) {
        Path name = place.name();
        Optional<BasicFileAttributes> there = loan.folder().look(name);
        if (there.isPresent() && parts.admission().staysAsNewer(there.get(), entry)) {
          return false;
        }
        if (there.filter(BasicFileAttributes::isRegularFile).isEmpty()
            || there.get().size() != entry.size()) {
          throw new IOException("it is not there, or of another size");
        }
        return true;
      }
    } catch (IOException failure) {
      parts.context().warn(entry.path(), "verifying: " + Failures.reason(failure));
      return false;
    }
  }

  private FileChannel read(Entry entry) throws IOException {
    Place place = Place.of(entry, parts.settings().strip).orElseThrow();
    try (Folders.Loan loan = parts.folders().borrow(place.parent())) {
      return loan.folder().read(place.name());
    }
  }
}
