package dev.varve.source.archive;

import dev.varve.ConfigurationException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a snapshot to an archive that other programs read, and {@link ArchiveSource} reads back
 * exactly. Immutable.
 *
 * <p>The archive appears whole or not at all where it is written to a file; what fails half way
 * leaves nothing. It is not encrypted. A tar holds everything; what its format has no place for
 * stands in comments. A zip holds files, directories and symbolic links, with times, modes and
 * numbers of owners; what it cannot hold is reported and left out.
 */
public final class ArchiveTarget implements Target {

  /** How an archive is made. */
  public enum Format {
    /** Tar, not compressed. */
    TAR(".tar"),
    /** Tar, compressed as by gzip. */
    TAR_GZ(".tar.gz", ".tgz"),
    /** Tar, compressed by zstd. */
    TAR_ZST(".tar.zst", ".tzst"),
    /** Zip. */
    ZIP(".zip");

    private final String[] endings;

    Format(String... endings) {
      this.endings = endings;
    }

    /** The format that the ending of a file's name stands for. */
    public static Optional<Format> ofFileName(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      for (Format format : values()) {
        for (String ending : format.endings) {
          if (lower.endsWith(ending)) {
            return Optional.of(format);
          }
        }
      }
      return Optional.empty();
    }

    /**
     * The format called {@code tar}, {@code tar.gz}, {@code tar.zst} or {@code zip}.
     *
     * @throws ConfigurationException if there is no such format
     */
    public static Format named(String name) {
      return ofFileName("." + name)
          .orElseThrow(
              () ->
                  new ConfigurationException(
                      "There is no archive format '"
                          + name
                          + "'; there are tar, tar.gz, tar.zst and zip"));
    }
  }

  private final Optional<Path> file;
  private final Optional<OutputStream> stream;
  private final Format format;
  private final boolean overwriting;

  private ArchiveTarget(
      Optional<Path> file, Optional<OutputStream> stream, Format format, boolean overwriting) {
    this.file = file;
    this.stream = stream;
    this.format = format;
    this.overwriting = overwriting;
  }

  /**
   * Writes to {@code file}, in the format that its name says.
   *
   * @throws ConfigurationException if it says none
   */
  public static ArchiveTarget to(Path file) {
    return to(
        file,
        Format.ofFileName(String.valueOf(file.getFileName()))
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "The name of "
                            + file
                            + " does not end in .tar, .tar.gz, .tar.zst or .zip; name it so, or"
                            + " say which format is meant")));
  }

  /** Writes to {@code file}. */
  public static ArchiveTarget to(Path file, Format format) {
    return new ArchiveTarget(Optional.of(file), Optional.empty(), format, false);
  }

  /** Writes to a stream, which is flushed and not closed. For one restore. */
  public static ArchiveTarget to(OutputStream stream, Format format) {
    return new ArchiveTarget(Optional.empty(), Optional.of(stream), format, false);
  }

  /** The same, but a file that is there is replaced. */
  public ArchiveTarget overwriting() {
    return new ArchiveTarget(file, stream, format, true);
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    if (context.dryRun()) {
      refuseOverwriting();
      try (Packing nowhere = Packing.rehearsal(format)) {
        new Export(contents, context).run(nowhere);
      }
    } else if (file.isPresent()) {
      refuseOverwriting();
      try (NewFile written = NewFile.beside(file.get())) {
        try (Packing packing = Packing.to(written.channel(), format)) {
          new Export(contents, context).run(packing);
        }
        written.publish(overwriting);
      }
    } else {
      try (Packing packing = Packing.to(new Unclosed(stream.orElseThrow()), format)) {
        new Export(contents, context).run(packing);
      }
    }
  }

  private void refuseOverwriting() throws IOException {
    if (file.isPresent() && !overwriting && Files.exists(file.get())) {
      throw new FileAlreadyExistsException(
          file.get().toString(), null, "is there already; name another file, or say overwrite");
    }
  }

  /** Closing what wraps it flushes it only. */
  private static final class Unclosed extends FilterOutputStream {

    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  @Override
  public String toString() {
    return file.map(Path::toString).orElse("a stream");
  }
}
