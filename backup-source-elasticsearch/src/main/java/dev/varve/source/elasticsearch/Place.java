package dev.varve.source.elasticsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a document stands among those of its shard: the numbers that the cluster sorts by, of which
 * the first is that of the document, and others, if any, only differ from it by what all of the
 * shard have in common.
 */
record Place(List<Long> numbers) {

  /** A hit's {@code sort}; empty if it is something else. */
  static Optional<Place> of(RawJson sort) {
    String text = sort.toString();
    List<Long> numbers = new ArrayList<>();
    try {
      for (String number : text.substring(1, text.length() - 1).split(",", -1)) {
        numbers.add(Long.parseLong(number));
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    return Optional.of(new Place(numbers));
  }

  /** That of the document so many further on. */
  Place plus(long documents) {
    return new Place(numbers.stream().map(number -> number + documents).toList());
  }

  /** What to search after. */
  RawJson sort() {
    return RawJson.of(
        numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
  }
}
