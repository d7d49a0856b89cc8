package dev.varve;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

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
  private final double sample;
  private final OptionalLong mostBytes;
  private final Optional<Duration> mostTime;
  private final boolean recording;
  private final Listener listener;

  private CheckOptions(Builder builder) {
    level = builder.level;
    part = builder.part;
    parts = builder.parts;
    sample = builder.sample;
    mostBytes = builder.mostBytes;
    mostTime = builder.mostTime;
    recording = builder.recording;
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

  /** Which fraction of the packs, drawn at random, is read; 1 means all. */
  public double sample() {
    return sample;
  }

  /** How many bytes of packs are read at most. */
  public OptionalLong mostBytes() {
    return mostBytes;
  }

  /** For how long packs are read at most. */
  public Optional<Duration> mostTime() {
    return mostTime;
  }

  /** Whether damage found twice is recorded, so that nothing new relies on it. */
  public boolean recording() {
    return recording;
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
    private double sample = 1;
    private OptionalLong mostBytes = OptionalLong.empty();
    private Optional<Duration> mostTime = Optional.empty();
    private boolean recording;
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

    /**
     * Reads only a part of the packs, drawn at random each time, at level {@link Level#DATA}.
     *
     * @throws IllegalArgumentException unless it is above 0 and at most 1
     */
    public Builder sample(double fraction) {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new IllegalArgumentException("A sample is above 0 and at most 1, not " + fraction);
      }
      sample = fraction;
      return this;
    }

    /**
     * Reads no more packs at level {@link Level#DATA} once so many bytes were read. The next check
     * with a budget on this machine begins where this one ended, so that those come first that were
     * not looked at for longest.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder mostBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("A budget cannot be negative: " + bytes);
      }
      mostBytes = OptionalLong.of(bytes);
      return this;
    }

    /**
     * Begins to read no more packs at level {@link Level#DATA} after such a time; goes on next time
     * as with {@link #mostBytes}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder mostTime(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("A budget cannot be negative: " + time);
      }
      mostTime = Optional.of(time);
      return this;
    }

    /**
     * Records in the repository what could not be read twice, and what was recorded and can be read
     * again: the only thing that a check changes. New backups then do not rely on it, and store
     * again what they can read at the source. Whether it is asked for or not, a repair does it.
     */
    public Builder record() {
      recording = true;
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
