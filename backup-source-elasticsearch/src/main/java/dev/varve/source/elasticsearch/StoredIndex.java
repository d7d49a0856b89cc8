package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import java.util.ArrayList;
import java.util.List;

/**
 * An index as a snapshot holds it: the selected entries of it.
 *
 * @param name what it was called
 * @param above the path its entries lie below, ending in a slash
 * @param entries those that are restored, documents among them
 */
record StoredIndex(String name, EntryPath above, List<Entry> entries) {

  StoredIndex(String name, EntryPath above) {
    this(name, above, new ArrayList<>());
  }

  /** The path of one of its definitions, e.g. {@code settings.json}. */
  EntryPath path(String file) {
    return above.append(EntryPath.of(file));
  }

  /** The entries that hold documents. */
  List<Entry> documents() {
    EntryPath below = path(Names.DOCUMENTS);
    return entries.stream().filter(entry -> entry.path().startsWith(below)).toList();
  }

  /** The entries that hold its definition. */
  List<Entry> definitions() {
    EntryPath below = path(Names.DOCUMENTS);
    return entries.stream().filter(entry -> !entry.path().startsWith(below)).toList();
  }
}
