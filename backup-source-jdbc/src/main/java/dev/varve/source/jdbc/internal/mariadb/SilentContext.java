package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.PluginContext;

/** Says nothing: for putting back what was there. Stateless. */
final class SilentContext implements PluginContext {

  @Override
  public void warn(EntryPath path, String message) {}

  @Override
  public void warn(String message) {}

  @Override
  public void progress(long bytes, String phase) {}

  @Override
  public void count(String name, long n) {}

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public void onCancel(Runnable stop) {}
}
