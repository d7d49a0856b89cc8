package dev.varve;

import java.time.Duration;

/** How a repository is to be pruned. Immutable. */
public final class PruneOptions {

  /** How long what is retired can still be drawn on and undeleted, unless said otherwise. */
  public static final Duration DEFAULT_GRACE = Duration.ofHours(24);

  /** How long what is condemned stays for running restores, unless said otherwise. */
  public static final Duration DEFAULT_READER_DELAY = Duration.ofHours(1);

  /** After how long without a sign a backup counts as dead, unless said otherwise. */
  public static final Duration DEFAULT_STALE_AFTER = Duration.ofHours(6);

  /** Packs of which less than this is used are repacked, unless said otherwise. */
  public static final double DEFAULT_REPACK_BELOW = 0.8;

  private final boolean now;
  private final Duration grace;
  private final Duration readerDelay;
  private final Duration staleAfter;
  private final double repackBelow;
  private final long mostRepackBytes;
  private final Listener listener;

  private PruneOptions(Builder builder) {
    now = builder.now;
    grace = builder.grace;
    readerDelay = builder.readerDelay;
    staleAfter = builder.staleAfter;
    repackBelow = builder.repackBelow;
    mostRepackBytes = builder.mostRepackBytes;
    listener = builder.listener;
  }

  /** Grace 24 h, reader delay 1 h, repacking below 80 % of use without bound, no listener. */
  public static PruneOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether grace time and reader delay are not waited for. */
  public boolean now() {
    return now;
  }

  /** How long a pack stays retired before it may be condemned, by the store's clock. */
  public Duration grace() {
    return grace;
  }

  /** How long what is condemned stays before it is deleted, by the store's clock. */
  public Duration readerDelay() {
    return readerDelay;
  }

  /** After how long without a sign a backup counts as dead, by the store's clock. */
  public Duration staleAfter() {
    return staleAfter;
  }

  /** The used part, from 0 to 1, below which a pack is repacked. */
  public double repackBelow() {
    return repackBelow;
  }

  /** How many stored bytes are copied at most. */
  public long mostRepackBytes() {
    return mostRepackBytes;
  }

  /** Who hears of progress and problems. */
  public Listener listener() {
    return listener;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private boolean now;
    private Duration grace = DEFAULT_GRACE;
    private Duration readerDelay = DEFAULT_READER_DELAY;
    private Duration staleAfter = DEFAULT_STALE_AFTER;
    private double repackBelow = DEFAULT_REPACK_BELOW;
    private long mostRepackBytes = Long.MAX_VALUE;
    private Listener listener = Listener.NONE;

    private Builder() {}

    /**
     * Waits neither for the grace time nor for readers. Nothing that is kept is lost by it; it
     * costs undelete, restores of forgotten snapshots that are still running, and repeated work in
     * backups that run at the same time.
     */
    public Builder now() {
      this.now = true;
      return this;
    }

    /**
     * Sets how long a pack stays retired before it may be condemned: a convenience, no safety rests
     * on it.
     */
    public Builder grace(Duration time) {
      this.grace = notNegative(time);
      return this;
    }

    /** Sets how long what is condemned stays for restores that are still running. */
    public Builder readerDelay(Duration time) {
      this.readerDelay = notNegative(time);
      return this;
    }

    /**
     * Sets after how long without a sign a backup counts as dead, so that what it stored and never
     * committed is collected. One that was only suspended fails or stores it again.
     */
    public Builder staleAfter(Duration time) {
      this.staleAfter = notNegative(time);
      return this;
    }

    /**
     * Sets the used part below which a pack is repacked; 0 repacks nothing, 1 all that is not used
     * wholly.
     *
     * @throws IllegalArgumentException unless it is from 0 to 1
     */
    public Builder repackBelow(double usedPart) {
      if (!(usedPart >= 0 && usedPart <= 1)) {
        throw new IllegalArgumentException("A used part is from 0 to 1, not " + usedPart);
      }
      this.repackBelow = usedPart;
      return this;
    }

    /**
     * Sets how many stored bytes one call copies at most; what is left is for the next.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder mostRepackBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("No call can copy " + bytes + " bytes");
      }
      this.mostRepackBytes = bytes;
      return this;
    }

    /** Sets who hears of progress and problems. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** The options. */
    public PruneOptions build() {
      return new PruneOptions(this);
    }

    private static Duration notNegative(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("A time to wait cannot be " + time);
      }
      return time;
    }
  }
}
