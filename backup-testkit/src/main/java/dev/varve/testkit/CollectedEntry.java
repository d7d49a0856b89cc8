package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.Hole;
import java.util.List;

/**
 * What a {@link CollectingTarget} has of an entry.
 *
 * @param entry as it was handed over
 * @param bytes its content, zeros where it is missing; empty for entries without content
 * @param holes what is missing, by offset
 */
public record CollectedEntry(Entry entry, byte[] bytes, List<Hole> holes) {

  @Override
  public String toString() {
    return entry + " with " + bytes.length + " bytes and " + holes.size() + " holes";
  }
}
