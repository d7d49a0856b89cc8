package dev.varve;

import java.util.Map;
import java.util.TreeMap;

/** How a backup call is to be done. Immutable. */
public final class BackupOptions {

  private final Map<String, String> tags;
  private final Listener listener;
  private final boolean compressed;
  private final boolean dryRun;
  private final boolean rereading;
  private final boolean waiting;

  private BackupOptions(Builder builder) {
    tags = Map.copyOf(builder.tags);
    listener = builder.listener;
    compressed = builder.compressed;
    dryRun = builder.dryRun;
    rereading = builder.rereading;
    waiting = builder.waiting;
  }

  /** No tags, no listener, compressed. */
  public static BackupOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with these. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.tags.putAll(tags);
    builder.listener = listener;
    builder.compressed = compressed;
    builder.dryRun = dryRun;
    builder.rereading = rereading;
    builder.waiting = waiting;
    return builder;
  }

  /** What is attached to every snapshot of the call. */
  public Map<String, String> tags() {
    return tags;
  }

  /** Who hears of progress and problems. */
  public Listener listener() {
    return listener;
  }

  /**
   * Whether content is compressed; off for content whose length after compression tells secrets.
   */
  public boolean compressed() {
    return compressed;
  }

  /** Whether everything is read and counted, but nothing stored. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Whether all content is read, even of entries that seem unchanged. */
  public boolean rereading() {
    return rereading;
  }

  /** Whether it waits while another backup of one of its sources goes on, instead of failing. */
  public boolean waiting() {
    return waiting;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private final Map<String, String> tags = new TreeMap<>();
    private Listener listener = Listener.NONE;
    private boolean compressed = true;
    private boolean dryRun;
    private boolean rereading;
    private boolean waiting;

    private Builder() {}

    /**
     * Attaches a tag; the last value of a name counts.
     *
     * @throws IllegalArgumentException if name or value has more than 256 characters, contains
     *     control characters, or the name is empty or contains {@code =}
     */
    public Builder tag(String name, String value) {
      if (name.isEmpty() || name.contains("=") || !isShortLine(name) || !isShortLine(value)) {
        throw new IllegalArgumentException(
            "A tag is name=value, each at most 256 characters without control characters, not '"
                + (name + "=" + value)
                + "'");
      }
      tags.put(name, value);
      return this;
    }

    /** Sets who hears of progress and problems. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** Stores content as it is; see {@link BackupOptions#compressed()}. */
    public Builder uncompressed() {
      compressed = false;
      return this;
    }

    /** Reads and counts everything, but stores nothing. */
    public Builder dryRun() {
      dryRun = true;
      return this;
    }

    /** Reads all content, even of entries that seem unchanged. */
    public Builder rereading() {
      rereading = true;
      return this;
    }

    /**
     * Waits while another backup of one of its sources goes on, instead of failing with a {@link
     * LockedException}.
     */
    public Builder waiting() {
      waiting = true;
      return this;
    }

    /** The options. */
    public BackupOptions build() {
      return new BackupOptions(this);
    }

    private static boolean isShortLine(String text) {
      return text.length() <= 256 && text.chars().noneMatch(Character::isISOControl);
    }
  }
}
