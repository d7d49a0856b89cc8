package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Snapshot;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Writers who never stop: each index restores to one state in which it was. */
class MovingIndexTest extends OnEveryNode {

  private static final List<String> WRITERS = List.of("ada", "grace", "kay");
  private static final int BEFORE = 300;

  MovingIndexTest(Node node) {
    super(node);
  }

  private static String action(String action, String writer, String id) {
    return Json.write(Map.of(action, Map.of("_id", id, "routing", writer)));
  }

  /**
   * One step of a writer, each acknowledged before the next: document number {@code step} comes,
   * the one {@value #BEFORE} steps older goes.
   */
  private void step(String index, String writer, int step) {
    List<String> lines = new ArrayList<>();
    lines.add(action("index", writer, writer + "-" + step));
    lines.add("{\"step\":" + step + ",\"text\":\"" + "x".repeat(200) + "\"}");
    Object came = http.post("/" + index + "/_bulk", String.join("\n", lines) + "\n");
    Object went =
        http.post(
            "/" + index + "/_bulk",
            action("delete", writer, writer + "-" + (step - BEFORE)) + "\n");
    assertEquals(false, Json.at(came, "errors"));
    assertEquals(false, Json.at(went, "errors"));
  }

  /** Fills an index as if a writer had gone {@value #BEFORE} steps already. */
  private void fill(String index) {
    http.put("/" + index, "{\"settings\":{\"number_of_shards\":3,\"number_of_replicas\":0}}");
    for (String writer : WRITERS) {
      List<String> lines = new ArrayList<>();
      for (int step = 1; step <= BEFORE; step++) {
        lines.add(action("index", writer, writer + "-" + step));
        lines.add("{\"step\":" + step + ",\"text\":\"" + "x".repeat(200) + "\"}");
      }
      http.post("/" + index + "/_bulk", String.join("\n", lines) + "\n");
    }
  }

  @Test
  void backup_whileOthersWrite_isOneStateOfEachShard() throws Exception {
    List<String> indices = List.of(prefix + "one", prefix + "two");
    indices.forEach(this::fill);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(10);
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (String writer : WRITERS) {
      writers.add(
          () -> {
            for (int step = BEFORE + 1; !enough.get(); step++) {
              for (String index : indices) {
                step(index, writer, step);
              }
              steps.incrementAndGet();
              begun.countDown();
            }
            return true;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS.size());
    int meanwhile;
    Snapshot snapshot;
    try {
      List<Future<Boolean>> running = writers.stream().map(threads::submit).toList();
      begun.await();
      int before = steps.get();
      snapshot = backup(Searches.source(url(), prefix).pageSize(50).build()).snapshot();
      meanwhile = steps.get() - before;
      enough.set(true);
      for (Future<Boolean> writer : running) {
        assertTrue(writer.get());
      }
    } finally {
      enough.set(true);
      threads.shutdown();
    }
    view().delete(http);

    restoreAll(snapshot, Mode.REFUSE);

    assertTrue(meanwhile > 0, "nobody wrote while the backup ran");
    for (String index : indices) {
      SortedMap<String, String> documents = ClusterView.documents(http, index);
      for (String writer : WRITERS) {
        assertOneState(writer, documents.keySet());
      }
    }
  }

  /** The documents of a writer, who writes to one shard, are those between two steps of it. */
  private static void assertOneState(String writer, Set<String> names) {
    Set<Integer> there = new HashSet<>();
    for (String name : names) {
      if (name.startsWith(writer + "/")) {
        there.add(Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)));
      }
    }
    int last = there.stream().mapToInt(step -> step).max().orElse(0);
    Set<Integer> come = new HashSet<>();
    for (int step = last - BEFORE + 1; step <= last; step++) {
      come.add(step);
    }
    Set<Integer> notYetGone = new HashSet<>(come);
    notYetGone.add(last - BEFORE);
    assertTrue(
        there.equals(come) || there.equals(notYetGone), writer + " up to " + last + ": " + there);
  }
}
