package dev.varve.examples.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of an option that may be repeated, before the command and after it. Picocli forgets
 * the first where it meets the second, so each place's list, which grows while it is read, is kept
 * here. Used by one thread.
 */
final class Repeated<T> {

  private final List<List<T>> places = new ArrayList<>();

  /** Takes the list of a place; the same one any number of times. */
  @SuppressWarnings("ReferenceEquality") // Two places may hold the same values.
  void take(List<T> place) {
    if (places.stream().noneMatch(known -> known == place)) {
      places.add(place);
    }
  }

  /** All values in the order given. */
  List<T> all() {
    return places.stream().flatMap(List::stream).toList();
  }
}
