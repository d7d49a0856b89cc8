package dev.varve.source.elasticsearch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of an index where the cluster knows no points in time: a scroll for each slice, all
 * begun together. A page that broke off is lost, and so is the whole.
 */
final class Scrolls implements DocumentView {

  /** Few, as the first page of each slice is held until it is read. */
  private static final int PAGE_DOCUMENTS = 500;

  private static final String SEARCH =
      "?scroll=" + KEEP_ALIVE + "&allow_partial_search_results=false&expand_wildcards=all";

  /** One slice being read; its first page came with its beginning. */
  private static final class Scroll {
    private RawJson id;
    private Optional<byte[]> first;

    Scroll(RawJson id, byte[] first) {
      this.id = id;
      this.first = Optional.of(first);
    }
  }

  private final Connection connection;
  private final Map<Integer, Scroll> scrolls = new HashMap<>();

  private Scrolls(Connection connection) {
    this.connection = connection;
  }

  static Scrolls open(Connection connection, String index, int slices, int shards)
      throws IOException {
    Scrolls all = new Scrolls(connection);
    for (int i = 0; i < slices; i++) {
      Slice slice = new Slice(i, slices, shards);
      String search =
          "{\"size\":"
              + PAGE_DOCUMENTS
              + slice.clause().map(clause -> "," + clause).orElse("")
              + ",\"sort\":[\"_doc\"],\"version\":true,\"track_total_hits\":true,\"_source\":true}";
      RawJson first =
          connection.ask(
              Call.post("/" + Call.step(index) + "/_search" + SEARCH, RawJson.of(search)));
      all.scrolls.put(i, new Scroll(first.at("_scroll_id"), first.bytes()));
    }
    return all;
  }

  @Override
  public InputStream page(Slice slice, int size, Optional<RawJson> after, Exchange exchange)
      throws IOException {
    Optional<byte[]> held;
    RawJson id;
    synchronized (this) {
      Scroll scroll = scroll(slice);
      held = scroll.first;
      scroll.first = Optional.empty();
      id = scroll.id;
    }
    if (after.isEmpty() && held.isEmpty()) {
      throw new IOException("This state was read already, and a scroll shows it once only");
    }
    if (held.isPresent()) {
      return new ByteArrayInputStream(held.get());
    }
    String next = "{\"scroll\":\"" + KEEP_ALIVE + "\",\"scroll_id\":" + id + "}";
    return connection.stream(Call.post("/_search/scroll", RawJson.of(next)), exchange);
  }

  @Override
  public synchronized boolean renamed(Slice slice, RawJson id) {
    Scroll scroll = scroll(slice);
    boolean other = !id.equals(scroll.id);
    scroll.id = id;
    return other;
  }

  @Override
  public boolean repeats() {
    return false;
  }

  /** Nothing: asking would turn the page. Each page asked for keeps its own slice alive. */
  @Override
  public void keepAlive() {}

  @Override
  public void close() throws IOException {
    List<RawJson> ids = new ArrayList<>();
    synchronized (this) {
      scrolls.values().forEach(scroll -> ids.add(scroll.id));
    }
    RawJson all = RawJson.object(Map.of("scroll_id", RawJson.list(ids)));
    Answer answer = connection.once(Call.delete("/_search/scroll", all));
    if (answer.status() != 404) {
      answer.accepted();
    }
  }

  private Scroll scroll(Slice slice) {
    Scroll scroll = scrolls.get(slice.number());
    if (scroll == null) {
      throw new IllegalStateException("There is no slice " + slice.number());
    }
    return scroll;
  }
}
