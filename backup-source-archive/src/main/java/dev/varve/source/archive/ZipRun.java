package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Reads a zip archive in a file. Its directory is held in memory, whose size is bounded before it
 * is read. Used by one thread at a time, but for closing a content.
 */
final class ZipRun implements SourceRun {

  private static final int TYPE_MASK = 0170000;
  private static final int FIFO_TYPE = 0010000;
  private static final int LINK_TYPE = 0120000;

  private final FileChannel file;
  private final ZipFile zip;
  private final Optional<Description> description;
  private final Expansion expansion;
  private final SourceContext context;
  private final List<ZipArchiveEntry> all;
  private final Listed listed = new Listed();

  private ZipRun(
      FileChannel file,
      ZipFile zip,
      Optional<Description> description,
      Expansion expansion,
      SourceContext context) {
    this.file = file;
    this.zip = zip;
    this.description = description;
    this.expansion = expansion;
    this.context = context;
    this.all = new ArrayList<>(Collections.list(zip.getEntries()));
  }

  /** What the archive in {@code file} says of the snapshot it holds. */
  static Optional<Description> description(FileChannel file) throws IOException {
    return Description.find(Note.decode(ZipEnd.of(file).comment()));
  }

  /** Begins to read the archive in {@code file}, which the run closes, also if this fails. */
  static ZipRun of(
      FileChannel file,
      Optional<Description> description,
      Expansion expansion,
      SourceContext context)
      throws IOException {
    Optional<ZipRun> run = Optional.empty();
    boolean begun = false;
    try {
      ZipEnd end = ZipEnd.of(file);
      end.requireModest();
      expansion.packed(file.size());
      ZipFile zip = ZipFile.builder().setSeekableByteChannel(file).setCharset("UTF-8").get();
      run = Optional.of(new ZipRun(file, zip, description, expansion, context));
      run.get().list();
      begun = true;
      return run.get();
    } catch (RuntimeException e) {
      // What reads a directory does not expect every nonsense.
      throw new IOException("The archive is damaged: " + e.getMessage(), e);
    } finally {
      if (!begun) {
        file.close();
      }
    }
  }

  @Override
  public EntryCursor entries() {
    return listed::next;
  }

  @Override
  public Content open(Entry entry) throws IOException {
    ZipArchiveEntry zipped = all.get((int) listed.place());
    if (!zip.canReadEntryData(zipped)) {
      throw new IOException("it is encrypted, or compressed in a way that is not known here");
    }
    return new ZippedContent(entry, zipped, zip.getInputStream(zipped));
  }

  @Override
  public int parallelReads() {
    return 1;
  }

  @Override
  public Optional<Origin> origin() {
    return description.map(said -> new Origin(said.time(), said.tags()));
  }

  @Override
  public void close() throws IOException {
    try (file;
        zip) {
      listed.close();
    }
  }

  private void list() throws IOException {
    int[] owner = FileOwner.ofThisProcess();
    for (int i = 0; i < all.size(); i++) {
      if (context.cancelled()) {
        throw new IOException("The import was cancelled");
      }
      ZipArchiveEntry zipped = all.get(i);
      boolean directory = zipped.isDirectory();
      Optional<EntryPath> path = TarNames.pathOf(name(zipped), directory);
      if (path.isPresent()) {
        list(path.get(), zipped, i, owner);
      }
    }
  }

  private void list(EntryPath path, ZipArchiveEntry zipped, int place, int[] owner)
      throws IOException {
    int type = zipped.getUnixMode() & TYPE_MASK;
    EntryKind kind =
        zipped.isDirectory()
            ? EntryKind.DIRECTORY
            : type == LINK_TYPE ? EntryKind.SYMBOLIC_LINK : EntryKind.FILE;
    if (isBroken(zipped)) {
      context.warn(path, "Left out: it was damaged when it was exported");
      return;
    }
    if (type == FIFO_TYPE) {
      context.warn(path, "Left out: it is a named pipe, of which a zip tells nothing");
      return;
    }
    Entry.Builder entry =
        Entry.builder(path, kind).modified(zipped.getLastModifiedTime().toInstant());
    posix(zipped, owner).ifPresent(entry::posix);
    if (kind == EntryKind.FILE) {
      entry.size(Math.max(0, zipped.getSize()));
    }
    if (kind == EntryKind.SYMBOLIC_LINK) {
      byte[] target = target(zipped);
      if (target.length == 0 || target.length > EntryPath.MAX_BYTES) {
        context.warn(path, "Left out: a symbolic link to nothing");
        return;
      }
      entry.linkTarget(EntryPath.ofBytes(target));
    }
    listed.add(entry.build(), place);
  }

  private byte[] target(ZipArchiveEntry zipped) throws IOException {
    try (InputStream in = zip.getInputStream(zipped)) {
      return in.readNBytes(EntryPath.MAX_BYTES + 1);
    }
  }

  private static boolean isBroken(ZipArchiveEntry zipped) throws IOException {
    String comment = zipped.getComment();
    if (comment == null) {
      return false;
    }
    return Note.decode(comment.getBytes(StandardCharsets.UTF_8))
        .filter(note -> note.has(Notes.BROKEN))
        .isPresent();
  }

  /** The bytes that stand there, unless an extra field says how they are meant. */
  private static byte[] name(ZipArchiveEntry zipped) {
    byte[] raw = zipped.getRawName();
    boolean said =
        zipped.getNameSource() != ZipArchiveEntry.NameSource.NAME
            || zipped.getGeneralPurposeBit().usesUTF8ForNames();
    return said || raw == null ? zipped.getName().getBytes(StandardCharsets.UTF_8) : raw;
  }

  private static Optional<Posix> posix(ZipArchiveEntry zipped, int[] owner) {
    if (zipped.getPlatform() != ZipArchiveEntry.PLATFORM_UNIX || zipped.getUnixMode() == 0) {
      return Optional.empty();
    }
    long uid = Integer.toUnsignedLong(owner[0]);
    long gid = Integer.toUnsignedLong(owner[1]);
    if (zipped.getExtraField(new X7875_NewUnix().getHeaderId()) instanceof X7875_NewUnix unix) {
      uid = unix.getUID() & 0xffff_ffffL;
      gid = unix.getGID() & 0xffff_ffffL;
    }
    return Optional.of(
        new Posix(
            zipped.getUnixMode() & 07777,
            uid,
            gid,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** A content, checked against its length and checksum: nothing else does. */
  private final class ZippedContent implements Content {

    private final Entry entry;
    private final ZipArchiveEntry zipped;
    private final InputStream in;
    private final CRC32 crc = new CRC32();
    private long length;
    private boolean closed;

    ZippedContent(Entry entry, ZipArchiveEntry zipped, InputStream in) {
      this.entry = entry;
      this.zipped = zipped;
      this.in = in;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
      if (closed) {
        throw new IOException(entry.path() + " was closed while it was read");
      }
      return Pieces.read(this::readChecked, into);
    }

    private int readChecked(byte[] into, int offset, int most) throws IOException {
      int count = in.read(into, offset, most);
      if (count < 0) {
        if (length != zipped.getSize() || crc.getValue() != zipped.getCrc()) {
          throw new IOException("it is damaged: its checksum is wrong");
        }
        return -1;
      }
      crc.update(into, offset, count);
      length += count;
      expansion.unpacked(count);
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
