package dev.varve;

import java.util.ArrayList;
import java.util.List;

/** What of a snapshot is to be restored, and how. Immutable. */
public final class RestoreOptions {

  private final List<EntryPath> paths;
  private final PathFilter filter;
  private final Listener listener;
  private final boolean dryRun;

  private RestoreOptions(Builder builder) {
    paths = List.copyOf(builder.paths);
    filter = builder.filter;
    listener = builder.listener;
    dryRun = builder.dryRun;
  }

  /** Everything, without a listener. */
  public static RestoreOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Entries at or below any of these are restored; empty: all. */
  public List<EntryPath> paths() {
    return paths;
  }

  /** Which of those are restored: what it admits. */
  public PathFilter filter() {
    return filter;
  }

  /** Who hears of progress and problems. */
  public Listener listener() {
    return listener;
  }

  /** Whether the target only reports what it would do. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private final List<EntryPath> paths = new ArrayList<>();
    private PathFilter filter = PathFilter.everything();
    private Listener listener = Listener.NONE;
    private boolean dryRun;

    private Builder() {}

    /** Adds a path: it and what lies below it are restored. */
    public Builder path(EntryPath path) {
      paths.add(path);
      return this;
    }

    /** Adds a path given as text. */
    public Builder path(String path) {
      return path(EntryPath.of(path));
    }

    /**
     * Restores only what {@code filter} admits. Directories that merely lead to it are not restored
     * with their owners, modes and times.
     */
    public Builder filter(PathFilter filter) {
      this.filter = filter;
      return this;
    }

    /** Sets who hears of progress and problems. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** Writes nothing, only reports. */
    public Builder dryRun() {
      dryRun = true;
      return this;
    }

    /** The options. */
    public RestoreOptions build() {
      return new RestoreOptions(this);
    }
  }
}
