package dev.varve.testkit;

import dev.varve.EntryPath;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** What a {@link MemorySource} notes about its use. Safe for use by many threads. */
final class MemoryNotes {

  private final Map<EntryPath, Integer> opened = new ConcurrentHashMap<>();
  private final List<String> misuses = new CopyOnWriteArrayList<>();
  private final CountDownLatch blocked = new CountDownLatch(1);

  void opened(EntryPath path) {
    opened.merge(path, 1, Integer::sum);
  }

  int timesOpened(EntryPath path) {
    return opened.getOrDefault(path, 0);
  }

  int timesOpened() {
    return opened.values().stream().mapToInt(Integer::intValue).sum();
  }

  void require(boolean good, String misuse) {
    if (!good) {
      misuses.add(misuse);
    }
  }

  List<String> misuses() {
    return List.copyOf(misuses);
  }

  void blocked() {
    blocked.countDown();
  }

  void awaitBlocked() throws InterruptedException {
    blocked.await();
  }
}
