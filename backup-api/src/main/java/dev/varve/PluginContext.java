package dev.varve;

/**
 * How a plugin speaks while it works for a verb. Safe for use by many threads; usable until the
 * verb returns.
 */
public interface PluginContext {

  /** One entry cannot be treated as it should; the rest goes on and the report names it. */
  void warn(EntryPath path, String message);

  /** Something that concerns no single entry is not as it should be; the report tells it. */
  void warn(String message);

  /**
   * Work the engine cannot see goes on, e.g. a database builds an index.
   *
   * @param bytes how many bytes more are done, 0 or more
   * @param phase what goes on: one or two lower-case words
   */
  void progress(long bytes, String phase);

  /** Adds {@code n} to the count called {@code name}, which ends up in the statistics. */
  void count(String name, long n);

  /** Whether the caller wants the work to stop; a plugin then throws any {@code IOException}. */
  boolean cancelled();

  /**
   * Runs {@code stop} once from another thread when the work is cancelled, at once if it already
   * is; for calls that block and can be broken off from outside.
   */
  void onCancel(Runnable stop);
}
