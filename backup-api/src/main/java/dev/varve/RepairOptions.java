package dev.varve;

import java.time.Duration;

/** What a repair may do and how deep it looks for damage first. Immutable. */
public final class RepairOptions {

  /** How long deletions allowed by what was lost may still be under way, unless set. */
  public static final Duration DEFAULT_READER_DELAY = Duration.ofHours(24);

  private final CheckOptions.Level level;
  private final boolean givingUpSlots;
  private final boolean acceptingRollback;
  private final boolean rewritingSnapshots;
  private final Duration readerDelay;
  private final Listener listener;

  private RepairOptions(Builder builder) {
    level = builder.level;
    givingUpSlots = builder.givingUpSlots;
    acceptingRollback = builder.acceptingRollback;
    rewritingSnapshots = builder.rewritingSnapshots;
    readerDelay = builder.readerDelay;
    listener = builder.listener;
  }

  /** Level {@link CheckOptions.Level#INDEX}; nothing is given up, accepted or rewritten. */
  public static RepairOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How deep damage is looked for. */
  public CheckOptions.Level level() {
    return level;
  }

  /** Whether slots of the log that nobody can read are given up. */
  public boolean givingUpSlots() {
    return givingUpSlots;
  }

  /** Whether the log is gone on with although a later or another state of it was seen before. */
  public boolean acceptingRollback() {
    return acceptingRollback;
  }

  /** Whether snapshots that lost something get a replacement without it. */
  public boolean rewritingSnapshots() {
    return rewritingSnapshots;
  }

  /** How long after giving up a slot packs are not yet relied on again. */
  public Duration readerDelay() {
    return readerDelay;
  }

  /** Who hears of progress and findings. */
  public Listener listener() {
    return listener;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private CheckOptions.Level level = CheckOptions.Level.INDEX;
    private boolean givingUpSlots;
    private boolean acceptingRollback;
    private boolean rewritingSnapshots;
    private Duration readerDelay = DEFAULT_READER_DELAY;
    private Listener listener = Listener.NONE;

    private Builder() {}

    /**
     * Sets how deep damage is looked for; what is not looked for is not repaired.
     *
     * @throws IllegalArgumentException if that is {@link CheckOptions.Level#LOG}, by which nothing
     *     can be made again
     */
    public Builder level(CheckOptions.Level level) {
      if (level == CheckOptions.Level.LOG) {
        throw new IllegalArgumentException("A repair looks at least at the index");
      }
      this.level = level;
      return this;
    }

    /**
     * Gives up slots of the log that nobody can read: what their records said is lost, and until
     * the reader delay has passed and a repair has run again, no new snapshot relies on anything
     * that was stored before.
     */
    public Builder giveUpSlots() {
      givingUpSlots = true;
      return this;
    }

    /**
     * Goes on with a log of which this machine has seen a later or another state, with the same
     * consequences as giving up slots. Only for who knows why the store went back.
     */
    public Builder acceptRollback() {
      acceptingRollback = true;
      return this;
    }

    /**
     * Gives each snapshot that lost something a replacement that holds the rest; the snapshot
     * itself stays until it is forgotten.
     */
    public Builder rewriteSnapshots() {
      rewritingSnapshots = true;
      return this;
    }

    /**
     * Sets how long after giving up a slot packs are not yet relied on again: longer than any
     * process that deletes what the lost record condemned may stand still in between, and not less
     * than the delay that prune is called with. 24 hours by default.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder readerDelay(Duration delay) {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("A delay cannot be negative: " + delay);
      }
      readerDelay = delay;
      return this;
    }

    /** Sets who hears of progress and findings. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** The options. */
    public RepairOptions build() {
      return new RepairOptions(this);
    }
  }
}
