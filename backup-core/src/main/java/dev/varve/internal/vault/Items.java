package dev.varve.internal.vault;

import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whole small items, and whole listings. Stateless. */
public final class Items {

  private Items() {}

  /** What the listing says of an item, if it is there. */
  public static Optional<Stored> find(Store store, String key) throws IOException {
    return store.list(key, "").items().stream().filter(item -> item.key().equals(key)).findFirst();
  }

  /** All bytes of an item that a listing has shown, at most {@code most} of them. */
  public static byte[] read(Store store, Stored item, int most) throws IOException {
    byte[] bytes = new byte[(int) Math.min(item.size(), most)];
    store.read(item.key(), 0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** All items below a prefix; for prefixes that have few. */
  public static List<Stored> list(Store store, String prefix) throws IOException {
    List<Stored> all = new ArrayList<>();
    forEach(store, prefix, all::add);
    return all;
  }

  /** Takes an item. */
  @FunctionalInterface
  public interface Visitor {
    /** Looks at an item. */
    void visit(Stored item) throws IOException;
  }

  /** Shows all items below a prefix, ascending, page by page. */
  public static void forEach(Store store, String prefix, Visitor visitor) throws IOException {
    String last = "";
    Page page;
    do {
      page = store.list(prefix, last);
      for (Stored item : page.items()) {
        visitor.visit(item);
        last = item.key();
      }
    } while (!page.last());
  }
}
