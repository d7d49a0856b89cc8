package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Reads the documents of one slice page by page and writes them as lines. Used by one thread. A
 * page that breaks off is asked for again from where it broke off, of the same point in time. While
 * a page is taken apart the cluster works at the next one.
 */
final class DocumentReader {

  /** Enough that asking costs little beside it, few enough for the heap of a small node. */
  private static final long PAGE_BYTES = 2L << 20;

  private static final int FIRST_PAGE = 200;

  /** After so many it is likely that the next page has none either. */
  private static final int GAPLESS_PAGES = 2;

  private final Connection connection;
  private final Exchange exchange;
  private final DocumentView view;
  private final Slice slice;
  private final int mostHits;
  private int size;
  private int asked;
  private long expected = -1;
  private long left;
  private Optional<Place> place = Optional.empty();
  private int gapless;
  private Optional<Ahead> ahead = Optional.empty();

  DocumentReader(
      Connection connection, Exchange exchange, DocumentView view, Slice slice, int mostHits) {
    this.connection = connection;
    this.exchange = exchange;
    this.view = view;
    this.slice = slice;
    this.mostHits = mostHits;
    this.size = Math.min(mostHits, FIRST_PAGE);
  }

  /**
   * Writes all documents to {@code out}.
   *
   * @return how many there were
   * @throws IOException if not all of them can be had
   */
  long readAll(OutputStream out, boolean stream) throws IOException {
    try {
      return read(out, stream);
    } finally {
      forgetAhead();
    }
  }

  private long read(OutputStream out, boolean stream) throws IOException {
    Counted counted = new Counted(out);
    DocumentWriter documents = new DocumentWriter(counted, stream);
    Pacing pacing = new Pacing(exchange, connection.patience());
    Optional<RawJson> after = Optional.empty();
    while (true) {
      HitPage page = new HitPage(documents);
      long before = counted.bytes;
      left = expected - documents.documents();
      boolean whole = readPage(page, after, pacing);
      documents.again();
      if (page.context().isPresent() && view.renamed(slice, page.context().get())) {
        forgetAhead();
      }
      expected = page.total() >= 0 ? page.total() : expected;
      after = page.last().isPresent() ? page.last() : after;
      if (whole) {
        pacing.went();
        if (page.hits() > 0 && page.last().isEmpty()) {
          throw new IOException("The cluster does not say where a document stands");
        }
        // A scroll has pages of its own size, and its end is a page without documents.
        if (page.hits() == 0 || (view.repeats() && page.hits() < asked)) {
          return complete(documents.documents());
        }
        adapt(page.hits(), counted.bytes - before);
        Optional<Place> now = after.flatMap(Place::of);
        int hits = page.hits();
        boolean noGap = now.isPresent() && place.map(last -> last.plus(hits)).equals(now);
        gapless = noGap ? gapless + 1 : 0;
        place = now;
      }
    }
  }

  private boolean readPage(HitPage page, Optional<RawJson> after, Pacing pacing)
      throws IOException {
    try (InputStream in = page(after)) {
      askAhead(in);
      page.read(in);
      return true;
    } catch (ServerException e) {
      // Too much for the node's memory, or more than the index allows: ask for less.
      boolean tooMuch = e.type().contains("circuit_breaking") || tooLarge(e);
      if (tooMuch && size > 1 && view.repeats()) {
        size = Math.max(1, size / 2);
        pacing.went();
      } else if (!e.passing() || exchange.isBroken() || !view.repeats()) {
        throw e;
      } else {
        pacing.waitAfter(e);
      }
    } catch (IOException e) {
      if (exchange.isBroken() || !view.repeats()) {
        throw e;
      }
      pacing.waitAfter(e);
    }
    return false;
  }

  /** The page behind a document, which may have been asked for already. */
  private InputStream page(Optional<RawJson> after) throws IOException {
    Optional<Ahead> known = ahead.filter(page -> Optional.of(page.after).equals(after));
    if (known.isPresent()) {
      ahead = Optional.empty();
      asked = known.get().size;
      return connection.answer(known.get().sent, exchange);
    }
    forgetAhead();
    asked = size;
    return view.page(slice, size, after, exchange);
  }

  /**
   * Asks for the next page as soon as it is known where this one ends, so that the cluster need not
   * wait: at once where the last pages had no gaps, otherwise as soon as all of it has arrived.
   */
  private void askAhead(InputStream in) throws IOException {
    if (left <= asked || !(in instanceof ArrivingBody body)) {
      return;
    }
    Optional<RawJson> last =
        gapless >= GAPLESS_PAGES
            ? place.map(found -> found.plus(asked).sort())
            : body.tail(HitPage.TAIL_BYTES).flatMap(HitPage::lastOf);
    if (last.isPresent()) {
      RawJson after = last.get();
      int wanted = size;
      ahead =
          view.ahead(slice, wanted, after, exchange).map(sent -> new Ahead(after, wanted, sent));
    }
  }

  private void forgetAhead() {
    ahead.ifPresent(page -> Exchange.breakOff(page.sent.response()));
    ahead = Optional.empty();
  }

  private static boolean tooLarge(ServerException e) {
    return e.status() == 400 && String.valueOf(e.getMessage()).contains("max_result_window");
  }

  private void adapt(int hits, long bytes) {
    long fitting = PAGE_BYTES * hits / Math.max(1, bytes);
    size = (int) Math.max(1, Math.min(Math.min(mostHits, 4L * size), fitting));
  }

  private long complete(long documents) throws IOException {
    if (expected >= 0 && expected != documents) {
      throw new IOException(
          "Slice "
              + slice.number()
              + " has "
              + expected
              + " documents, but "
              + documents
              + " came; run the backup again");
    }
    return documents;
  }

  /** A page that was asked for: the documents behind one, at most so many. */
  private record Ahead(RawJson after, int size, Connection.Sent<ArrivingBody> sent) {}

  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private long bytes;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      bytes++;
      out.write(b);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      bytes += length;
      out.write(from, offset, length);
    }
  }
}
