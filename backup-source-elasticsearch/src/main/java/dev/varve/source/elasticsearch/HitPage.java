package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one page of a search's hits while it arrives and passes their documents on. Used by one
 * thread, for one page.
 */
final class HitPage {

  /** So many bytes of a page's end tell where its last document stands. */
  static final int TAIL_BYTES = 128;

  private static final Pattern END = Pattern.compile("\"sort\":(\\[[0-9,-]+\\])\\}\\]\\}\\}\\s*$");

  private final DocumentWriter documents;
  private Optional<RawJson> context = Optional.empty();
  private Optional<RawJson> last = Optional.empty();
  private long total = -1;
  private int hits;
  private boolean wrongHits = true;

  HitPage(DocumentWriter documents) {
    this.documents = documents;
  }

  /** How many documents were passed on, also of a page that broke off. */
  int hits() {
    return hits;
  }

  /** Where the last of them stands in the order of the search. */
  Optional<RawJson> last() {
    return last;
  }

  /** The identifier of the point in time or the scroll to go on with. */
  Optional<RawJson> context() {
    return context;
  }

  /** How many hits the search has in all, -1 if that was not said. */
  long total() {
    return total;
  }

  /**
   * Reads the page.
   *
   * @throws IOException if it breaks off, or says that it is not complete
   */
  void read(InputStream in) throws IOException {
    JsonScanner scanner = new JsonScanner(in);
    scanner.expect('{');
    for (boolean more = !scanner.accept('}'); more; more = next(scanner, '}')) {
      switch (scanner.name()) {
        case "pit_id", "_scroll_id" -> context = Optional.of(scanner.value());
        case "timed_out" -> refuse(scanner.value().isTrue(), "The search timed out");
        case "_shards" -> shards(scanner.value());
        case "hits" -> readHits(scanner);
        default -> scanner.skip();
      }
    }
    scanner.end();
    refuse(wrongHits, "The search's answer holds no hits");
  }

  /** Where the last document of a page stands, told by the end of the page alone. */
  static Optional<RawJson> lastOf(byte[] tail) {
    Matcher end = END.matcher(new String(tail, StandardCharsets.ISO_8859_1));
    return end.find() ? Optional.of(RawJson.of(end.group(1))) : Optional.empty();
  }

  private void readHits(JsonScanner scanner) throws IOException {
    scanner.expect('{');
    for (boolean more = !scanner.accept('}'); more; more = next(scanner, '}')) {
      switch (scanner.name()) {
        case "total" -> total = total(scanner.value());
        case "hits" -> {
          wrongHits = false;
          scanner.expect('[');
          for (boolean hit = !scanner.accept(']'); hit; hit = next(scanner, ']')) {
            readHit(scanner);
          }
        }
        default -> scanner.skip();
      }
    }
  }

  private void readHit(JsonScanner scanner) throws IOException {
    Optional<RawJson> id = Optional.empty();
    Optional<RawJson> routing = Optional.empty();
    Optional<RawJson> sort = Optional.empty();
    long version = -1;
    boolean written = false;
    scanner.expect('{');
    for (boolean more = !scanner.accept('}'); more; more = next(scanner, '}')) {
      String name = scanner.name();
      refuse(
          written && (name.equals("_id") || name.equals("_routing") || name.equals("_version")),
          "The cluster names " + name + " after the source of a document");
      switch (name) {
        case "_id" -> id = Optional.of(scanner.value());
        case "_routing" -> routing = Optional.of(scanner.value());
        case "_version" -> version = scanner.value().number();
        case "sort" -> sort = Optional.of(scanner.value());
        case "_source" -> {
          refuse(id.isEmpty() || version < 0, "A document has no id or version");
          documents.begin(id.orElseThrow(), routing, version);
          scanner.copy(documents);
          written = true;
        }
        default -> scanner.skip();
      }
    }
    refuse(!written, "The cluster does not show the source of document " + shown(id));
    documents.end();
    last = sort;
    hits++;
  }

  private static boolean next(JsonScanner scanner, char end) throws IOException {
    if (scanner.accept(end)) {
      return false;
    }
    scanner.expect(',');
    return true;
  }

  private static long total(RawJson total) throws IOException {
    if (!total.isObject()) {
      return total.number();
    }
    return total.at("relation").text().equals("eq") ? total.at("value").number() : -1;
  }

  private static void shards(RawJson shards) throws IOException {
    Map<String, RawJson> fields = shards.fields();
    RawJson failed = fields.get("failed");
    if (failed == null || failed.number() == 0) {
      return;
    }
    String why = "";
    RawJson failures = fields.get("failures");
    List<RawJson> all = failures == null ? List.of() : failures.items();
    if (!all.isEmpty()) {
      Optional<RawJson> reason = all.get(0).find("reason");
      why = reason.isPresent() ? ": " + ServerException.reasonOf(reason.get()) : "";
    }
    throw new IOException(failed + " shards did not answer the search" + why);
  }

  private static String shown(Optional<RawJson> id) {
    return id.map(RawJson::toString).orElse("without id");
  }

  private static void refuse(boolean wrong, String message) throws IOException {
    if (wrong) {
      throw new IOException(message);
    }
  }
}
