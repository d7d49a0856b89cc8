package dev.varve.searchtests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Documents of every shape that JSON has and servers take. */
final class JsonShapes {

  /** A document to be written. */
  record Document(String id, Optional<String> routing, Map<String, Object> source) {}

  private static final int DEEPEST = 150;

  private JsonShapes() {}

  /** Documents in one index, told apart by id and routing. */
  static Arbitrary<List<Document>> documents() {
    Arbitrary<String> ids =
        Arbitraries.oneOf(
            Arbitraries.of(
                "same", "a/b", "ä ö\"\\", "{\"x\":1}", "\u2028", "_", "-", "*", "%2F", "🙂"),
            text(60).filter(id -> !id.isEmpty()));
    Arbitrary<Optional<String>> routings =
        Arbitraries.of("", "", "one", "two", "three", "ä b", "{}").map(JsonShapes::present);
    Arbitrary<Document> document =
        Combinators.combine(ids, routings, Arbitraries.oneOf(object(3), deep())).as(Document::new);
    return document.list().ofMinSize(1).ofMaxSize(60).uniqueElements(JsonShapes::name);
  }

  private static Optional<String> present(String routing) {
    return routing.isEmpty() ? Optional.empty() : Optional.of(routing);
  }

  private static String name(Document document) {
    return document.routing().orElse("") + "/" + document.id();
  }

  private static Arbitrary<Object> value(int depth) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            text(30).map(text -> text),
            number().map(number -> number),
            Arbitraries.of(true, false, Json.NULL));
    if (depth == 0) {
      return leaf;
    }
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, leaf),
        net.jqwik.api.Tuple.of(1, object(depth - 1).map(object -> object)),
        net.jqwik.api.Tuple.of(
            1, Arbitraries.lazy(() -> value(depth - 1)).list().ofMaxSize(4).map(list -> list)));
  }

  private static Arbitrary<Map<String, Object>> object(int depth) {
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.of(
                "", "a", "a.b", ".", "..", "_id", "_source", "$", " ", "\"", "\n", "index"),
            text(10));
    return Combinators.combine(
            keys.list().ofMaxSize(6).uniqueElements(),
            Arbitraries.lazy(() -> value(depth)).list().ofSize(6))
        .as(JsonShapes::object);
  }

  private static Map<String, Object> object(List<String> keys, List<Object> values) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      object.put(keys.get(i), values.get(i));
    }
    return object;
  }

  /** Lists in objects in lists. */
  private static Arbitrary<Map<String, Object>> deep() {
    return Arbitraries.integers()
        .between(10, DEEPEST)
        .map(
            depth -> {
              Object inner = new ArrayList<>();
              for (int i = 0; i < depth; i++) {
                inner = i % 2 == 0 ? Map.of("d", inner) : List.of(inner, Json.NULL);
              }
              return Map.of("deep", inner);
            });
  }

  /** Numbers that a double, a long, or a writer of numbers would change. */
  private static Arbitrary<Json.Digits> number() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(40);
    Arbitrary<String> whole = digits.map(text -> text.replaceFirst("^0+(?=.)", ""));
    return Arbitraries.oneOf(
            Arbitraries.of(
                "0",
                "-0",
                "-0.0",
                "1.0",
                "1.10",
                "1E400",
                "1e-7",
                "1E+2",
                "9007199254740993",
                "18446744073709551616",
                "0.1000000000000000055511151231257827"),
            whole,
            whole.map(text -> "-" + text),
            Combinators.combine(whole, digits).as((a, b) -> a + "." + b),
            Combinators.combine(whole, Arbitraries.integers().between(-400, 400))
                .as((a, b) -> a + "e" + b))
        .map(Json.Digits::new);
  }

  /** Any text that UTF-8 can hold. */
  private static Arbitrary<String> text(int most) {
    Arbitrary<Integer> characters =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0x20, 0x7e),
            Arbitraries.integers().between(0, 0x2fff),
            Arbitraries.integers().between(0x1f300, 0x1f6ff),
            Arbitraries.of(0, 0x7f, 0x85, 0xfeff, 0xfffd, 0xffff, 0x2028, 0x10ffff));
    return characters
        .list()
        .ofMaxSize(most)
        .map(list -> list.stream().map(Character::toString).reduce("", String::concat));
  }
}
