package dev.varve.source.jdbc.internal.dialect;

import dev.varve.EntryPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a restore: an entry and what to know before reading it.
 *
 * @param phase when it is taken
 * @param path the entry that holds its content
 * @param table the table it belongs to; a restore of single tables takes the steps of these tables
 *     and what they require
 * @param requires entries of earlier steps without which this one cannot be taken
 * @param facts what the dialect that wrote it wants to know when loading, e.g. columns
 */
public record Step(
    Phase phase,
    EntryPath path,
    Optional<TableName> table,
    List<EntryPath> requires,
    Map<String, String> facts) {

  /** Copies the lists. */
  public Step {
    requires = List.copyOf(requires);
    facts = Map.copyOf(facts);
  }
}
