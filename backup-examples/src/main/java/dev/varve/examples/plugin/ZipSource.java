package dev.varve.examples.plugin;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SortedEntries;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What is in a zip archive, file by file: two versions of an archive share what did not change
 * between them, which as compressed files they never would. Immutable.
 */
public final class ZipSource implements Source {

  private final Path archive;
  private final SourceIdentity identity;

  private ZipSource(Path archive, SourceIdentity identity) {
    this.archive = archive;
    this.identity = identity;
  }

  /** The archive in {@code file}, called {@code zip:<its name>@localhost}. */
  public static ZipSource of(Path file) {
    String name = file.toAbsolutePath().normalize().getFileName().toString();
    return new ZipSource(file, new SourceIdentity("zip", name, "localhost"));
  }

  /** The same under another name: snapshots of one name are one history. */
  public ZipSource named(String name) {
    return new ZipSource(archive, new SourceIdentity("zip", name, identity.host()));
  }

  /** The same on another host. */
  public ZipSource host(String host) {
    return new ZipSource(archive, new SourceIdentity("zip", identity.name(), host));
  }

  @Override
  public SourceIdentity identity() {
    return identity;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  /** An archive that is open stays what it was, even if another takes its name: one view. */
  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return new Run(new ZipFile(archive.toFile()));
  }

  private record Run(ZipFile zip) implements SourceRun {

    /** An archive's directory is in any order; entries must ascend by path. */
    @Override
    public EntryCursor entries() throws IOException {
      SortedEntries sorted = SortedEntries.create();
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        sorted.add(entry(all.nextElement()));
      }
      return sorted.sorted();
    }

    @Override
    public Content open(Entry entry) throws IOException {
      String path = entry.path().toString();
      ZipEntry found = zip.getEntry(path);
      if (found == null) {
        throw new NoSuchFileException(path);
      }
      return new ZipContent(entry, zip.getInputStream(found));
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }

  private static Entry entry(ZipEntry zipped) {
    EntryKind kind = zipped.isDirectory() ? EntryKind.DIRECTORY : EntryKind.FILE;
    Entry.Builder entry =
        Entry.builder(EntryPath.of(zipped.getName()), kind)
            .modified(zipped.getLastModifiedTime().toInstant());
    if (kind.hasContent()) {
      ByteBuffer revision = ByteBuffer.allocate(3 * Long.BYTES);
      revision.putLong(zipped.getCrc()).putLong(zipped.getSize()).putLong(zipped.getTime());
      entry.size(Math.max(0, zipped.getSize())).revision(Revision.of(revision.array()));
    }
    return entry.build();
  }

  /** A content that fails once it was closed: a stream of the JDK may just end, as if complete. */
  private static final class ZipContent implements Content {
    private final Entry entry;
    private final InputStream in;
    private boolean closed;

    ZipContent(Entry entry, InputStream in) {
      this.entry = entry;
      this.in = in;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
      if (closed) {
        throw new IOException(entry.path() + " was closed while it was read");
      }
      byte[] piece = new byte[Math.min(into.remaining(), 64 << 10)];
      int count = in.read(piece);
      if (count > 0) {
        into.put(piece, 0, count);
      }
      return count;
    }

    @Override
    public Entry finished() {
      return entry;
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      in.close();
    }
  }
}
