package dev.varve.source.archive;

import com.github.luben.zstd.ZstdInputStream;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** An archive that is open, and known for what it is. Used by one thread. */
final class OpenArchive implements Closeable {

  /** How much of the beginning is looked at. */
  static final int HEAD_BYTES = 256 << 10;

  private static final int MAGIC_BYTES = 6;
  private static final int BUFFER_BYTES = 128 << 10;

  private enum Kind {
    TAR,
    PACKED_TAR,
    ZIP
  }

  private final Kind kind;
  private final Optional<FileChannel> file;
  private final InputStream bytes;
  private final Optional<Description> description;
  private final Expansion expansion;

  private OpenArchive(
      Kind kind,
      Optional<FileChannel> file,
      InputStream bytes,
      Optional<Description> description,
      Expansion expansion) {
    this.kind = kind;
    this.file = file;
    this.bytes = bytes;
    this.description = description;
    this.expansion = expansion;
  }

  static OpenArchive of(FileChannel file, Expansion expansion) throws IOException {
    return of(Optional.of(file), new FileRegion(file, 0), expansion);
  }

  static OpenArchive of(InputStream stream, Expansion expansion) throws IOException {
    return of(Optional.empty(), stream, expansion);
  }

  private static OpenArchive of(Optional<FileChannel> file, InputStream stream, Expansion expansion)
      throws IOException {
    BufferedInputStream in = new BufferedInputStream(stream, BUFFER_BYTES);
    in.mark(MAGIC_BYTES);
    String magic = HexFormat.of().formatHex(in.readNBytes(MAGIC_BYTES));
    in.reset();
    if (magic.startsWith("504b0304") || magic.startsWith("504b0506")) {
      Optional<Description> description =
          file.isPresent() ? ZipRun.description(file.get()) : Optional.empty();
      return new OpenArchive(Kind.ZIP, file, in, description, expansion);
    }
    Optional<InputStream> unpacked = unpacked(magic, counted(in, expansion));
    Kind kind = unpacked.isPresent() ? Kind.PACKED_TAR : Kind.TAR;
    InputStream tar =
        unpacked.isPresent() ? limited(unpacked.get(), expansion) : counted(in, expansion);
    BufferedInputStream buffered = new BufferedInputStream(tar, HEAD_BYTES);
    buffered.mark(HEAD_BYTES);
    Optional<Note> note = TarReader.descriptionIn(buffered);
    buffered.reset();
    return new OpenArchive(kind, file, buffered, Description.find(note), expansion);
  }

  /** What the archive says of the snapshot it holds. */
  Optional<Description> description() {
    return description;
  }

  /** Begins to read the entries; the run closes what is open. */
  SourceRun begin(SourceContext context) throws IOException {
    boolean begun = false;
    try {
      SourceRun run = run(context);
      begun = true;
      return run;
    } finally {
      if (!begun) {
        close();
      }
    }
  }

  private SourceRun run(SourceContext context) throws IOException {
    if (kind == Kind.TAR && file.isPresent()) {
      return TarRun.of(file.get(), description, expansion, context);
    }
    if (kind == Kind.ZIP && file.isPresent()) {
      return ZipRun.of(file.get(), description, expansion, context);
    }
    if (kind != Kind.ZIP && description.isPresent()) {
      TarReader reader = new TarReader(new TarInput(bytes, 0), expansion);
      return new StreamRun(reader, description.get());
    }
    FileChannel spooled = Spool.of(bytes, context);
    close();
    return kind == Kind.ZIP
        ? ZipRun.of(spooled, ZipRun.description(spooled), expansion, context)
        : TarRun.of(spooled, description, expansion, context);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
    if (file.isPresent()) {
      file.get().close();
    }
  }

  /** What {@code in} unpacks to, if its first bytes say that it is compressed. */
  private static Optional<InputStream> unpacked(String magic, InputStream in) throws IOException {
    if (magic.startsWith("1f8b")) {
      return Optional.of(new GZIPInputStream(in, BUFFER_BYTES));
    }
    if (magic.startsWith("28b52ffd") || magic.matches("5.2a4d18.*")) {
      return Optional.of(new ZstdInputStream(in));
    }
    if (magic.startsWith("425a68")) {
      return Optional.of(new BZip2CompressorInputStream(in, true));
    }
    if (magic.startsWith("fd377a585a00")) {
      throw new IOException(
          "It is compressed by xz; unpack it first: xz -dc FILE | varve import -");
    }
    if (magic.startsWith("377abcaf") || magic.startsWith("52617221")) {
      throw new IOException("It is a 7z or rar archive; unpack it and back up the directory");
    }
    return Optional.empty();
  }

  private static InputStream counted(InputStream in, Expansion expansion) {
    return new Counting(in) {
      @Override
      void count(long bytes) {
        expansion.packed(bytes);
      }
    };
  }

  private static InputStream limited(InputStream in, Expansion expansion) {
    return new Counting(in) {
      @Override
      void count(long bytes) throws IOException {
        expansion.unpacked(bytes);
      }
    };
  }

  /** Counts what is read of a stream. */
  private abstract static class Counting extends FilterInputStream {

    Counting(InputStream in) {
      super(in);
    }

    abstract void count(long bytes) throws IOException;

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      count(Math.max(0, count));
      return count;
    }

    @Override
    public long skip(long length) throws IOException {
      byte[] passed = new byte[(int) Math.min(length, 64 << 10)];
      int count = passed.length == 0 ? 0 : read(passed, 0, passed.length);
      return Math.max(0, count);
    }
  }
}
