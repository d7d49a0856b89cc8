package dev.varve.source.archive;

import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** An archive being written, whatever its format. Used by one thread. */
interface Packing extends Closeable {

  int BUFFER_BYTES = 256 << 10;

  /** Says what the archive holds; called first. */
  void describe(Snapshot snapshot) throws IOException;

  /** Why the format cannot hold an entry, if it cannot. */
  Optional<String> refusal(Entry entry);

  /** What of an entry the format loses, if anything that matters. */
  Optional<String> loss(Entry entry);

  /** Whether further names of a file need no content. */
  boolean holdsLinks();

  /** Begins an entry; its content, as long as its size, must follow by {@link #content}. */
  void begin(Entry entry, Optional<Notes.Links> links) throws IOException;

  /** More of the content. */
  void content(byte[] bytes, int offset, int length) throws IOException;

  /** Ends the entry. */
  void end() throws IOException;

  /** Ends an entry whose content broke off, so that nobody takes it for whole. */
  void endBroken(Entry entry) throws IOException;

  /** Adds one more name of a file that stands in the archive as {@code first}. */
  void link(Entry entry, EntryPath first, Notes.Links links) throws IOException;

  /** Ends the archive. */
  void finish() throws IOException;

  static Packing to(FileChannel file, ArchiveTarget.Format format) throws IOException {
    return format == ArchiveTarget.Format.ZIP
        ? ZipPacking.to(file)
        : to(Channels.newOutputStream(file), format);
  }

  static Packing to(OutputStream stream, ArchiveTarget.Format format) throws IOException {
    OutputStream out = new BufferedOutputStream(stream, BUFFER_BYTES);
    return switch (format) {
      case TAR -> new TarPacking(out);
      case TAR_GZ -> new TarPacking(buffered(new GZIPOutputStream(out, BUFFER_BYTES)));
      case TAR_ZST -> new TarPacking(buffered(zstd(out)));
      case ZIP -> ZipPacking.to(out);
    };
  }

  /** Writes nowhere. */
  static Packing rehearsal(ArchiveTarget.Format format) {
    return format == ArchiveTarget.Format.ZIP
        ? ZipPacking.to(OutputStream.nullOutputStream())
        : new TarPacking(OutputStream.nullOutputStream());
  }

  private static OutputStream buffered(OutputStream out) {
    return new BufferedOutputStream(out, BUFFER_BYTES);
  }

  private static OutputStream zstd(OutputStream out) throws IOException {
    ZstdOutputStream zstd = new ZstdOutputStream(out);
    zstd.setChecksum(true);
    int processors = Runtime.getRuntime().availableProcessors();
    zstd.setWorkers(processors > 1 ? Math.min(processors, 4) : 0);
    return zstd;
  }
}
