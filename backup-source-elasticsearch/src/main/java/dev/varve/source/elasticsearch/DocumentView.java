package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * One state of an index that the cluster keeps for us. Safe for use by many threads, each slice
 * being read by one. It is lost when nobody asks for longer than it is kept alive, or its node
 * goes; it never comes back.
 */
interface DocumentView {

  /** How long the cluster keeps a state after each request. */
  String KEEP_ALIVE = "10m";

  /**
   * The next page of a slice while it arrives.
   *
   * @param size how many documents at most, as far as the view lets that be chosen
   * @param after where the last document stands that was read; empty at the beginning
   */
  InputStream page(Slice slice, int size, Optional<RawJson> after, Exchange exchange)
      throws IOException;

  /**
   * Asks for a page ahead, while another one is read.
   *
   * @return empty where pages have to be asked for one after the other
   */
  default Optional<Connection.Sent<ArrivingBody>> ahead(
      Slice slice, int size, RawJson after, Exchange exchange) throws IOException {
    return Optional.empty();
  }

  /**
   * The cluster calls it so from now on.
   *
   * @return whether it was called otherwise before
   */
  boolean renamed(Slice slice, RawJson id);

  /** Whether a page that broke off can be asked for again. */
  boolean repeats();

  /** Asks for nothing, so that it is kept alive. */
  void keepAlive() throws IOException;

  /** Lets the cluster forget it. */
  void close() throws IOException;
}
