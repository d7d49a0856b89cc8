package dev.varve.internal.repair;

import dev.varve.internal.format.PackName;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The packs in a store, asked for in ascending order, so that a listing of any length takes no
 * memory. Used by one thread.
 */
final class PackListing {

  private static final String PREFIX = "packs/";

  private final Store store;
  private Iterator<Stored> page = List.<Stored>of().iterator();
  private Optional<Stored> current = Optional.empty();
  private String after = "";
  private String asked = "";
  private boolean last;
  private long others;
  private long otherBytes;

  PackListing(Store store) throws IOException {
    this.store = store;
    advance();
  }

  /** The size of a pack, which comes after the one asked for before. */
  OptionalLong sizeOf(PackName pack) throws IOException {
    String key = pack.key();
    while (current.isPresent() && current.get().key().compareTo(key) < 0) {
      pass();
    }
    asked = key;
    return current.isPresent() && current.get().key().equals(key)
        ? OptionalLong.of(current.get().size())
        : OptionalLong.empty();
  }

  /** Goes to the end; then it is known how much there is that nobody asked for. */
  void finish() throws IOException {
    while (current.isPresent()) {
      pass();
    }
  }

  /** How many packs nobody asked for. */
  long others() {
    return others;
  }

  /** How long these are together. */
  long otherBytes() {
    return otherBytes;
  }

  private void pass() throws IOException {
    if (current.isPresent() && !current.get().key().equals(asked)) {
      others++;
      otherBytes += current.get().size();
    }
    advance();
  }

  private void advance() throws IOException {
    while (!page.hasNext() && !last) {
      Page next = store.list(PREFIX, after);
      page = next.items().iterator();
      last = next.last();
    }
    current = page.hasNext() ? Optional.of(page.next()) : Optional.empty();
    current.ifPresent(item -> after = item.key());
  }
}
