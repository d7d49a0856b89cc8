package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.Revision;
import dev.varve.source.Content;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The content of one file while it is read. Used by one thread, except for closing. */
final class FileContent implements Content {

  private final Entry entry;
  private final Path path;
  private final Stat before;
  private final Instant settled;
  private final FileChannel file;
  private final SourceContext context;

  FileContent(
      Entry entry,
      Path path,
      Stat before,
      Instant settled,
      FileChannel file,
      SourceContext context) {
    this.entry = entry;
    this.path = path;
    this.before = before;
    this.settled = settled;
    this.file = file;
    this.context = context;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return file.read(into);
  }

  /**
   * The entry with the state from before opening. It keeps a revision only if the file is still as
   * it was then: so whatever changes it from now on changes the revision too.
   */
  @Override
  public Entry finished() {
    Stat after;
    try {
      after = Stat.of(path);
    } catch (IOException gone) {
      context.warn(entry.path(), "vanished while it was read: " + Failures.reason(gone));
      return EntryReader.later(entry, before).build();
    }
    Entry.Builder now = EntryReader.later(entry, before);
    if (after.revision().equals(before.revision())) {
      // One that was too young when it was listed stays without: it costs one more reading.
      Optional<Revision> revision =
          entry.revision().isPresent() ? before.revision(settled) : Optional.empty();
      revision.ifPresent(now::revision);
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
