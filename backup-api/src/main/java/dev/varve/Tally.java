package dev.varve;

/**
 * How many entries of one sort a backup met.
 *
 * @param added not in the previous snapshot
 * @param changed there, but different, or read again
 * @param unchanged taken over as they were
 */
public record Tally(long added, long changed, long unchanged) {

  /** None at all. */
  public static final Tally NONE = new Tally(0, 0, 0);

  /** All of them. */
  public long total() {
    return added + changed + unchanged;
  }

  /** The sum of both. */
  public Tally plus(Tally other) {
    return new Tally(added + other.added, changed + other.changed, unchanged + other.unchanged);
  }
}
