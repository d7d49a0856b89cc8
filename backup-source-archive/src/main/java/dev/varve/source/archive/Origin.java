package dev.varve.source.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Where an archive's bytes come from: a file, again and again, or a stream, once. Thread safe. */
abstract class Origin {

  /** What was seen of a stream that cannot be looked at again. */
  private record Beginning(Optional<Description> description) {}

  /** What the archive says of itself. */
  abstract Optional<Description> description() throws IOException;

  /** What it is called if it does not say so itself. */
  abstract String name();

  /** Opens it to be read. */
  abstract OpenArchive open(Expansion expansion) throws IOException;

  static Origin of(Path file) {
    return new Origin() {
      @Override
      Optional<Description> description() throws IOException {
        try (OpenArchive archive = open(new Expansion(Expansion.DEFAULT_FACTOR))) {
          return archive.description();
        }
      }

      @Override
      String name() {
        return String.valueOf(file.toAbsolutePath().normalize().getFileName());
      }

      @Override
      OpenArchive open(Expansion expansion) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean opened = false;
        try {
          OpenArchive archive = OpenArchive.of(channel, expansion);
          opened = true;
          return archive;
        } finally {
          if (!opened) {
            channel.close();
          }
        }
      }

      @Override
      public String toString() {
        return file.toString();
      }
    };
  }

  static Origin of(InputStream stream) {
    BufferedInputStream in = new BufferedInputStream(stream, OpenArchive.HEAD_BYTES);
    return new Origin() {
      private boolean opened;
      private Optional<Beginning> beginning = Optional.empty();

      @Override
      synchronized Optional<Description> description() throws IOException {
        if (beginning.isEmpty()) {
          beginning = Optional.of(new Beginning(look()));
        }
        return beginning.get().description();
      }

      private Optional<Description> look() throws IOException {
        in.mark(OpenArchive.HEAD_BYTES);
        byte[] head = in.readNBytes(OpenArchive.HEAD_BYTES);
        in.reset();
        Expansion expansion = new Expansion(Expansion.DEFAULT_FACTOR);
        try (OpenArchive archive = OpenArchive.of(new ByteArrayInputStream(head), expansion)) {
          return archive.description();
        }
      }

      @Override
      String name() {
        return "stdin";
      }

      @Override
      synchronized OpenArchive open(Expansion expansion) throws IOException {
        if (opened) {
          throw new IOException("An archive that comes as a stream is read once; it was");
        }
        if (beginning.isEmpty()) {
          beginning = Optional.of(new Beginning(look()));
        }
        opened = true;
        return OpenArchive.of(in, expansion);
      }

      @Override
      public String toString() {
        return "a stream";
      }
    };
  }
}
