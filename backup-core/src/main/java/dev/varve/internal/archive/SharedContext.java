package dev.varve.internal.archive;

import dev.varve.EntryPath;
import dev.varve.source.SourceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Tells several backups what their common source says. Safe for use by many threads. */
final class SharedContext implements SourceContext {

  private final List<Optional<SourceContext>> contexts = new ArrayList<>();
  private final List<Runnable> stops = new ArrayList<>();

  SharedContext(int backups) {
    for (int i = 0; i < backups; i++) {
      contexts.add(Optional.empty());
    }
  }

  void join(int number, SourceContext context) {
    synchronized (contexts) {
      contexts.set(number, Optional.of(context));
    }
    // Outside: it may run at once.
    context.onCancel(this::stopIfAllAre);
  }

  void leave(int number) {
    synchronized (contexts) {
      contexts.set(number, Optional.empty());
    }
  }

  @Override
  public void warn(EntryPath path, String message) {
    all().forEach(context -> context.warn(path, message));
  }

  @Override
  public void warn(String message) {
    all().forEach(context -> context.warn(message));
  }

  @Override
  public void progress(long bytes, String phase) {
    all().forEach(context -> context.progress(bytes, phase));
  }

  @Override
  public void count(String name, long n) {
    all().forEach(context -> context.count(name, n));
  }

  /** Whether all who are still there are cancelled. */
  @Override
  public boolean cancelled() {
    return all().allMatch(SourceContext::cancelled);
  }

  @Override
  public void onCancel(Runnable stop) {
    AtomicBoolean stopped = new AtomicBoolean();
    Runnable once =
        () -> {
          if (stopped.compareAndSet(false, true)) {
            stop.run();
          }
        };
    synchronized (contexts) {
      stops.add(once);
    }
    stopIfAllAre();
  }

  private void stopIfAllAre() {
    if (cancelled()) {
      List<Runnable> due;
      synchronized (contexts) {
        due = List.copyOf(stops);
      }
      due.forEach(Runnable::run);
    }
  }

  private Stream<SourceContext> all() {
    synchronized (contexts) {
      return List.copyOf(contexts).stream().flatMap(Optional::stream);
    }
  }
}
