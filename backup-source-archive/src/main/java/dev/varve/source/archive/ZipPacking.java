package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * A zip archive being written. Used by one thread. Its directory stands at its end and is kept in
 * memory until then, which bounds the number of entries.
 */
final class ZipPacking implements Packing {

  /** About 1 KiB each is kept. */
  static final int MOST_ENTRIES = 100_000;

  private static final int FILE_TYPE = 0100000;
  private static final int DIRECTORY_TYPE = 0040000;
  private static final int LINK_TYPE = 0120000;

  private final ZipArchiveOutputStream zip;
  private Optional<ZipArchiveEntry> current = Optional.empty();
  private int entries;

  private ZipPacking(ZipArchiveOutputStream zip) {
    this.zip = zip;
    zip.setEncoding("UTF-8");
    zip.setUseZip64(Zip64Mode.AsNeeded);
  }

  static ZipPacking to(FileChannel file) throws IOException {
    return new ZipPacking(new ZipArchiveOutputStream(file));
  }

  static ZipPacking to(OutputStream out) {
    return new ZipPacking(new ZipArchiveOutputStream(out));
  }

  @Override
  public void describe(Snapshot snapshot) {
    String note = new String(Description.of(snapshot).encode(), StandardCharsets.UTF_8);
    if (note.getBytes(StandardCharsets.UTF_8).length <= 0xffff) {
      zip.setComment(note);
    }
  }

  @Override
  public Optional<String> refusal(Entry entry) {
    if (entries >= MOST_ENTRIES) {
      return Optional.of("a zip takes " + MOST_ENTRIES + " entries here; export to tar.zst");
    }
    if (entry.kind() != EntryKind.FILE
        && entry.kind() != EntryKind.DIRECTORY
        && entry.kind() != EntryKind.SYMBOLIC_LINK) {
      return Optional.of("a zip holds files, directories and symbolic links only");
    }
    byte[] name = name(entry);
    if (!isText(name) || name.length > 0xffff) {
      return Optional.of("its name is not UTF-8, and a zip's are");
    }
    return path(entry, name).equals(Optional.of(entry.path()))
        ? Optional.empty()
        : Optional.of("a zip with such a name could not be unpacked");
  }

  @Override
  public Optional<String> loss(Entry entry) {
    return entry.attributes().isEmpty() ? Optional.empty() : Optional.of("attributes of entries");
  }

  @Override
  public boolean holdsLinks() {
    return false;
  }

  @Override
  public void begin(Entry entry, Optional<Notes.Links> links) throws IOException {
    entries++;
    ZipArchiveEntry zipped = new ZipArchiveEntry(new String(name(entry), StandardCharsets.UTF_8));
    zipped.setLastModifiedTime(FileTime.from(entry.modified().orElse(Instant.EPOCH)));
    boolean directory = entry.kind() == EntryKind.DIRECTORY;
    int mode = entry.posix().map(Posix::mode).orElse(directory ? 0755 : 0644);
    zipped.setUnixMode(mode | type(entry.kind()));
    if (entry.posix().isPresent()) {
      X7875_NewUnix owner = new X7875_NewUnix();
      owner.setUID(entry.posix().get().uid());
      owner.setGID(entry.posix().get().gid());
      zipped.addExtraField(owner);
    }
    Optional<byte[]> target = entry.linkTarget().map(EntryPath::bytes);
    zipped.setSize(target.map(bytes -> (long) bytes.length).orElse(entry.size()));
    zip.putArchiveEntry(zipped);
    current = Optional.of(zipped);
    if (target.isPresent()) {
      zip.write(target.get(), 0, target.get().length);
    }
  }

  @Override
  public void content(byte[] bytes, int offset, int length) throws IOException {
    zip.write(bytes, offset, length);
  }

  @Override
  public void end() throws IOException {
    zip.closeArchiveEntry();
  }

  /** The comment stands in the directory, which is written last. */
  @Override
  public void endBroken(Entry entry) throws IOException {
    Note note = new Note().with(Notes.BROKEN, entry.path().toString());
    current.orElseThrow().setComment(new String(note.encode(), StandardCharsets.UTF_8));
    zip.closeArchiveEntry();
  }

  @Override
  public void link(Entry entry, EntryPath first, Notes.Links links) {
    throw new IllegalStateException("A zip has no hard links");
  }

  @Override
  public void finish() throws IOException {
    zip.finish();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private static int type(EntryKind kind) {
    return switch (kind) {
      case DIRECTORY -> DIRECTORY_TYPE;
      case SYMBOLIC_LINK -> LINK_TYPE;
      default -> FILE_TYPE;
    };
  }

  private static byte[] name(Entry entry) {
    return TarNames.nameOf(entry.path(), entry.kind() == EntryKind.DIRECTORY);
  }

  private static Optional<EntryPath> path(Entry entry, byte[] name) {
    try {
      return TarNames.pathOf(name, entry.kind() == EntryKind.DIRECTORY);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isText(byte[] bytes) {
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }
}
