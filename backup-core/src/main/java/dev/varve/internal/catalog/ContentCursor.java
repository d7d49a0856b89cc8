package dev.varve.internal.catalog;

import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Shows the chunks of one content, in order. Used by one thread; its memory does not grow with the
 * content. Does not fetch them.
 */
public final class ContentCursor {

  private final ContentWalk walk;
  private Optional<ContentWalk.Item> following = Optional.empty();
  private Optional<ContentWalk.Item> failed = Optional.empty();
  private long position;

  /** Shows the chunks of {@code content}, whose lists are in {@code source}. */
  public ContentCursor(ChunkSource source, ChunkList content) {
    walk = new ContentWalk(source, content);
  }

  /** The next chunk; empty at the end, and from then on. */
  public Optional<ChunkRef> next() throws IOException {
    reach(position);
    Optional<ContentWalk.Item> item = following;
    following = Optional.empty();
    if (item.isPresent()) {
      pass(item.get());
    }
    return item.map(ContentWalk.Item::ref);
  }

  /**
   * Goes on behind the list that {@link #next()} could not read.
   *
   * @return how many bytes of content it held; empty if nobody says, and then there is no going on
   */
  public OptionalLong passDamage() throws IOException {
    Optional<ContentWalk.Item> list =
        failed.filter(item -> item.bytes() != ContentWalk.Item.UNKNOWN);
    failed = Optional.empty();
    if (list.isEmpty()) {
      return OptionalLong.empty();
    }
    pass(list.get());
    return OptionalLong.of(list.get().bytes());
  }

  /** Where in the content the next chunk begins, in bytes. */
  public long position() {
    return position;
  }

  /**
   * Goes on to the chunk that holds the byte at {@code offset}, or to the end, without reading the
   * lists between, and says where the next chunk begins. Never goes back.
   */
  public long skipTo(long offset) throws IOException {
    reach(offset);
    return position;
  }

  /** Makes the item following the chunk that holds the byte at {@code offset} or a later one. */
  private void reach(long offset) throws IOException {
    while (true) {
      if (following.isEmpty()) {
        following = walk.next();
      }
      if (following.isEmpty()) {
        return;
      }
      ContentWalk.Item item = following.get();
      if (item.bytes() != ContentWalk.Item.UNKNOWN && item.bytes() <= offset - position) {
        following = Optional.empty();
        pass(item);
      } else if (item.level() > 0) {
        following = Optional.empty();
        failed = Optional.of(item);
        walk.open(item);
        failed = Optional.empty();
      } else {
        return;
      }
    }
  }

  private void pass(ContentWalk.Item item) throws FormatException {
    if (item.bytes() > Long.MAX_VALUE - position) {
      throw new FormatException("A content is longer than 2^63-1 bytes");
    }
    position += item.bytes();
  }
}
