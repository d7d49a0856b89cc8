package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.Revision;
import dev.varve.source.Content;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/** The content of one file while it is read. Used by one thread, except for closing. */
final class FileContent implements Content {

  private final Entry entry;
  private final Instant settled;
  private final OpenedFile file;
  private final SourceContext context;
  private long readBytes;
  private Optional<Stat> end = Optional.empty();

  FileContent(Entry entry, Instant settled, OpenedFile file, SourceContext context) {
    this.entry = entry;
    this.settled = settled;
    this.file = file;
    this.context = context;
  }

  /**
   * Reads on. Where as much was read as the file had, one look answers both whether that was all
   * and whether it is as it was; a file that claims to be empty is read, those of {@code /proc} do.
   */
  @Override
  public int read(ByteBuffer into) throws IOException {
    if (readBytes == file.before().size() && readBytes > 0 && file.isOpen() && isAsBefore()) {
      return -1;
    }
    int count = file.read(into);
    if (count > 0) {
      readBytes += count;
    }
    return count;
  }

  private boolean isAsBefore() {
    try {
      Stat now = file.look();
      boolean same = now.unix() && now.sameRevision(file.before());
      end = same ? Optional.of(now) : Optional.empty();
      return same;
    } catch (IOException gone) {
      return false; // What is left is read all the same; finished() tells.
    }
  }

  /**
   * The entry with the state from before opening. It keeps a revision only if the file is still as
   * it was then: so whatever changes it from now on changes the revision too.
   */
  @Override
  public Entry finished() {
    Stat before = file.before();
    Stat after;
    try {
      after = end.isPresent() ? end.get() : file.look();
    } catch (IOException gone) {
      context.warn(entry.path(), "vanished while it was read: " + Failures.reason(gone));
      return EntryReader.later(entry, before).build();
    }
    Entry.Builder now = EntryReader.later(entry, before);
    if (after.sameRevision(before)) {
      // One that was too young when it was listed stays without: it costs one more reading.
      Optional<Revision> revision =
          entry.revision().isPresent() ? before.revision(settled) : Optional.empty();
      if (revision.isPresent()) {
        now.revision(revision.get());
      }
    } else if (after.size() != before.size() || !after.modified().equals(before.modified())) {
      context.warn(entry.path(), "changed while it was read; what was read may be of no one time");
    }
    return now.build();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
