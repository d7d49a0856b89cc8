package dev.varve.source.archive;

import dev.varve.source.SourceContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps what can be read once in a temporary file that vanishes when it is closed. Stateless. */
final class Spool {

  private static final int PIECE_BYTES = 128 << 10;

  private Spool() {}

  static FileChannel of(InputStream in, SourceContext context) throws IOException {
    Path name = Files.createTempFile("varve-import-", ".tmp");
    FileChannel file =
        FileChannel.open(
            name,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    boolean kept = false;
    try {
      byte[] piece = new byte[PIECE_BYTES];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        if (context.cancelled()) {
          throw new IOException("The import was cancelled");
        }
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, count);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      kept = true;
      return file;
    } finally {
      if (!kept) {
        file.close();
      }
    }
  }
}
