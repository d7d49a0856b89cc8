package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

  private final LeakCheck leaks = new LeakCheck();
  private final MemorySource source = new MemorySource().file("a", "content");

  @Test
  void everythingClosed_nothingIsLeft() throws IOException {
    try (Store store = leaks.watch(new MemoryStore());
        SourceRun run = leaks.watch(source).begin(new RecordingContext());
        EntryCursor cursor = run.entries()) {
      Entry entry = cursor.next().orElseThrow();
      try (Content content = run.open(entry);
          InputStream in = leaks.watch(MemoryContents.of(source)).open(entry.path())) {
        ByteBuffer into = ByteBuffer.allocate(100);
        assertEquals(in.readAllBytes().length, content.read(into));
      }
      store.create("a", leaks.watch(Body.of(new byte[3])));
      assertEquals(3, leaks.leaks().size());
    }

    assertEquals(List.of(), leaks.leaks());
  }

  @Test
  void anythingLeftOpen_isNamed() throws Exception {
    Store store = leaks.watch(new MemoryStore());
    SourceRun run = leaks.watch(source).begin(new RecordingContext());
    EntryCursor cursor = run.entries();
    Content content = run.open(cursor.next().orElseThrow());
    EntryPath path = EntryPath.of("a");
    InputStream in = leaks.watch(MemoryContents.of(source)).open(path);
    InputStream body = leaks.watch(Body.of(new byte[1])).open();

    assertEquals(
        List.of(
            "content of a, opened here",
            "cursor, opened here",
            "run of memory:test@test, opened here",
            "store memory store, opened here",
            "stream of a body, opened here",
            "stream of a, opened here"),
        leaks.leaks());
    AssertionError failure = assertThrows(AssertionError.class, leaks::assertNothingIsLeft);
    assertEquals(6, failure.getSuppressed().length);
    leaks.assertNothingIsLeft();
    for (AutoCloseable one : List.of(store, cursor, content, run, in, body)) {
      one.close();
    }
  }

  @Test
  void threadLeftRunning_isNamed() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService threads =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "varve-io-7"));
    CountDownLatch running = new CountDownLatch(1);
    threads.execute(
        () -> {
          running.countDown();
          Gate.awaitUninterrupted(end);
        });
    running.await();

    assertEquals(List.of("thread varve-io-7"), leaks.leaks());
    end.countDown();
    threads.shutdown();
    leaks.assertNothingIsLeft();
    assertEquals(List.of(), leaks.leaks());
  }
}
