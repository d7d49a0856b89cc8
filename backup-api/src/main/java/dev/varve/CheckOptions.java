package dev.varve;

/** How thoroughly a repository is to be checked. Immutable. */
public final class CheckOptions {

  /** How deep a check looks; each level includes those before it. */
  public enum Level {
    /** The log refolded from its first slot; every item the log names is there, with its size. */
    LOG,
    /** Every index run, pack footer and catalog opened and compared. */
    INDEX,
    /** Every block opened and every chunk's id computed again. */
    DATA
  }

  private final Level level;
  private final int part;
  private final int parts;
  private final Listener listener;

  private CheckOptions(Builder builder) {
    level = builder.level;
    part = builder.part;
    parts = builder.parts;
    listener = builder.listener;
  }

  /** Level {@link Level#INDEX}, everything, without a listener. */
  public static CheckOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How deep to look. */
  public Level level() {
    return level;
  }

  /** Which part of the packs is looked into, from 1 to {@link #parts()}. */
  public int part() {
    return part;
  }

  /** How many parts the work is spread over, 1 or more. */
  public int parts() {
    return parts;
  }

  /** Who hears of progress and findings. */
  public Listener listener() {
    return listener;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private Level level = Level.INDEX;
    private int part = 1;
    private int parts = 1;
    private Listener listener = Listener.NONE;

    private Builder() {}

    /** Sets how deep to look. */
    public Builder level(Level level) {
      this.level = level;
      return this;
    }

    /**
     * Looks into one part of the packs, so that several calls share the work.
     *
     * @throws IllegalArgumentException unless 1 ≤ part ≤ parts ≤ 65 536
     */
    public Builder part(int part, int parts) {
      if (part < 1 || part > parts || parts > 65_536) {
        throw new IllegalArgumentException(
            "A part is given as n of m with 1 <= n <= m <= 65536, not " + part + " of " + parts);
      }
      this.part = part;
      this.parts = parts;
      return this;
    }

    /** Sets who hears of progress and findings. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** The options. */
    public CheckOptions build() {
      return new CheckOptions(this);
    }
  }
}
