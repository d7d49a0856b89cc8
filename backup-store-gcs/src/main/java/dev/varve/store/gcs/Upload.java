package dev.varve.store.gcs;

import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.InputStreamContent;
import com.google.api.client.http.MultipartContent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The body of a request that creates an item: as Google's client makes it, but of a length that is
 * known beforehand. The client would send it in chunks of 8 KiB, which is a third slower. Used by
 * one thread, once.
 */
final class Upload implements HttpContent {

  private static final int PIECE_BYTES = 64 * 1024;

  private final MultipartContent parts;
  private final long length;

  private Upload(MultipartContent parts, long length) {
    this.parts = parts;
    this.length = length;
  }

  /** Puts itself in the place of a body that sends a {@link PacedInput}; leaves others alone. */
  static void into(HttpRequest request) throws IOException {
    if (request.getContent() instanceof MultipartContent made) {
      Optional<PacedInput> item =
          made.getParts().stream().flatMap(part -> item(part.getContent())).findFirst();
      if (item.isPresent()) {
        Count frame = new Count(OutputStream.nullOutputStream());
        copy(made, new Media(item.get(), false)).writeTo(frame);
        request.setContent(
            new Upload(copy(made, new Media(item.get(), true)), frame.count + item.get().length()));
      }
    }
  }

  private static Stream<PacedInput> item(HttpContent content) {
    return content instanceof InputStreamContent media
            && media.getInputStream() instanceof PacedInput item
        ? Stream.of(item)
        : Stream.empty();
  }

  /** The same parts, but for that which has an item's bytes. */
  private static MultipartContent copy(MultipartContent made, Media media) {
    MultipartContent copy = new MultipartContent(made.getBoundary());
    copy.setMediaType(made.getMediaType());
    for (MultipartContent.Part part : made.getParts()) {
      boolean isItem = item(part.getContent()).findFirst().isPresent();
      copy.addPart(isItem ? new MultipartContent.Part(part.getHeaders(), media) : part);
    }
    return copy;
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public String getType() {
    return parts.getType();
  }

  @Override
  public boolean retrySupported() {
    return false;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Count counted = new Count(out);
    parts.writeTo(counted);
    if (counted.count != length) {
      throw new IOException("A request has " + counted.count + " bytes instead of " + length);
    }
  }

  /**
   * An item's bytes.
   *
   * @param sent whether they are sent, or left out to see how long the rest is
   */
  private record Media(PacedInput item, boolean sent) implements HttpContent {

    @Override
    public long getLength() {
      return item.length();
    }

    @Override
    public String getType() {
      return GcsStore.TYPE;
    }

    @Override
    public boolean retrySupported() {
      return false;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] piece = new byte[sent ? (int) Math.min(PIECE_BYTES, item.length() + 1) : 0];
      for (int n = sent ? item.read(piece) : -1; n >= 0; n = item.read(piece)) {
        out.write(piece, 0, n);
      }
    }
  }

  private static final class Count extends OutputStream {
    private final OutputStream out;
    private long count;

    Count(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
