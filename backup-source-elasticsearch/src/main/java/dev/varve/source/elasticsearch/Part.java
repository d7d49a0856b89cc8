package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.source.Content;
import java.io.IOException;

/** Opens what an entry of a backup stands for. Safe for use by many threads. */
interface Part {

  /** Opens the content. */
  Content open(Entry entry) throws IOException;

  /** Makes a content that fits into memory. */
  interface Text {
    byte[] bytes() throws IOException;
  }

  /** A content that is made when it is read. */
  static Part of(Text text) {
    return entry -> new BytesContent(entry, text.bytes());
  }
}
