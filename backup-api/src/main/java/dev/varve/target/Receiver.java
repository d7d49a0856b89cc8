package dev.varve.target;

import dev.varve.Entry;
import dev.varve.Hole;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes contents as they come. Called by several threads, also for different pieces of one entry at
 * once. What it throws is reported as a problem of the entry, of which nothing more comes.
 */
public interface Receiver {

  /**
   * A verified piece of an entry's content; pieces come in any order, each once. The buffer may be
   * used until the method returns and holds at least 1 byte.
   *
   * @throws IOException if the piece cannot be kept: a problem of the entry, of which nothing more
   *     comes
   */
  void receive(Entry entry, long offset, ByteBuffer piece) throws IOException;

  /**
   * A piece that cannot be had; the report lists it. Its place must not look like content.
   *
   * @throws IOException if this cannot be told in the target: a problem of the entry
   */
  void missing(Entry entry, Hole hole) throws IOException;

  /**
   * All pieces of the entry were received or missing; called once, also for empty contents.
   *
   * @throws IOException if the content did not become whole: a problem of the entry
   */
  void complete(Entry entry) throws IOException;
}
