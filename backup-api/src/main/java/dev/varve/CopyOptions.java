package dev.varve;

/** How snapshots are to be copied to another repository. Immutable. */
public final class CopyOptions {

  private final Listener listener;
  private final boolean leavingOutDamaged;
  private final boolean dryRun;

  private CopyOptions(Builder builder) {
    listener = builder.listener;
    leavingOutDamaged = builder.leavingOutDamaged;
    dryRun = builder.dryRun;
  }

  /** Damaged snapshots are not copied; no listener. */
  public static CopyOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Who hears of progress and problems. */
  public Listener listener() {
    return listener;
  }

  /** Whether a snapshot with damaged contents is copied without these, each named. */
  public boolean leavingOutDamaged() {
    return leavingOutDamaged;
  }

  /** Whether it is only said what would be copied. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private Listener listener = Listener.NONE;
    private boolean leavingOutDamaged;
    private boolean dryRun;

    private Builder() {}

    /** Sets who hears of progress and problems. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** Copies snapshots with damaged contents too, without these; each is a problem of the copy. */
    public Builder leavingOutDamaged() {
      leavingOutDamaged = true;
      return this;
    }

    /** Copies nothing, only says what would be. */
    public Builder dryRun() {
      dryRun = true;
      return this;
    }

    /** The options. */
    public CopyOptions build() {
      return new CopyOptions(this);
    }
  }
}
