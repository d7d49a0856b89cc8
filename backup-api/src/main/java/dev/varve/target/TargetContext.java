package dev.varve.target;

import dev.varve.Entry;
import dev.varve.PluginContext;

/** How a target speaks while it writes. Safe for use by many threads. */
public interface TargetContext extends PluginContext {

  /** Whether the target must only say what it would do, by {@link #restored} and warnings. */
  boolean dryRun();

  /** An entry is restored as it should be, or would be. */
  void restored(Entry entry);
}
