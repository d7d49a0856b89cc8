package dev.varve.store;

import java.util.List;

/**
 * A piece of a listing.
 *
 * @param items ascending by key
 * @param last whether nothing comes after them; false only if there are items
 */
public record Page(List<Stored> items, boolean last) {

  /** Copies the list; fails if the page is empty and not the last. */
  public Page {
    items = List.copyOf(items);
    if (items.isEmpty() && !last) {
      throw new IllegalArgumentException("A page without items must be the last");
    }
  }
}
