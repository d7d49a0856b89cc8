package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.Hole;
import java.util.List;

/** What a {@link CollectingTarget} has of an entry. Immutable. */
public final class CollectedEntry {

  private final Entry entry;
  private final byte[] bytes;
  private final List<Hole> holes;

  CollectedEntry(Entry entry, byte[] bytes, List<Hole> holes) {
    this.entry = entry;
    this.bytes = bytes;
    this.holes = List.copyOf(holes);
  }

  /** The entry as it was handed over. */
  public Entry entry() {
    return entry;
  }

  /** A copy of its content, zeros where it is missing; empty for entries without content. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** What is missing, by offset. */
  public List<Hole> holes() {
    return holes;
  }

  @Override
  public String toString() {
    return entry + " with " + bytes.length + " bytes and " + holes.size() + " holes";
  }
}
