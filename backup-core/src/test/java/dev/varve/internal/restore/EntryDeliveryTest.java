package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Problem;
import dev.varve.internal.task.Threads;
import dev.varve.target.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** An entry is complete once, when all of it came; a receiver that failed on it is left alone. */
class EntryDeliveryTest {

  private static final Entry ENTRY = Entry.builder(EntryPath.of("f"), EntryKind.FILE).build();
  private static final Hole HOLE = new Hole(ENTRY.path(), 2, 3, "lost");

  private final List<Problem> problems = new CopyOnWriteArrayList<>();
  private final Received received = new Received();

  private static ByteBuffer bytes(int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return buffer.flip();
  }

  @Test
  void complete_isSaidOnceAllIsAnnouncedAndCame() {
    EntryDelivery delivery = new EntryDelivery(ENTRY, received, problems::add);
    assertSame(ENTRY, delivery.entry());
    delivery.announce();
    delivery.deliver(0, bytes(1, 2));
    delivery.announce();
    delivery.announce();
    delivery.missing(HOLE);
    delivery.announced();
    assertEquals(List.of("f @0 0102", "f -2+3 lost"), received.notes);
    delivery.deliver(5, bytes(6));
    assertEquals(List.of("f @0 0102", "f -2+3 lost", "f @5 06", "f complete"), received.notes);
    assertEquals(List.of(), problems);
  }

  @Test
  void complete_ofNothing_isSaidAtOnce() {
    new EntryDelivery(ENTRY, received, problems::add).announced();
    assertEquals(List.of("f complete"), received.notes);
  }

  /** Fails in one of its ways and notes what it was asked. */
  private static final class Failing implements Receiver {
    private final String at;
    private final List<String> asked = new ArrayList<>();

    Failing(String at) {
      this.at = at;
    }

    private void ask(String what) throws IOException {
      asked.add(what);
      if (what.equals(at)) {
        throw new NoSuchFileException("/target/f");
      }
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      ask("receive");
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      ask("missing");
    }

    @Override
    public void complete(Entry entry) throws IOException {
      ask("complete");
    }
  }

  @Test
  void receiverFails_isReportedOnceAndAskedNoMore() {
    List<String> all = List.of("receive", "missing", "complete");
    for (String at : all) {
      problems.clear();
      Failing failing = new Failing(at);
      EntryDelivery delivery = new EntryDelivery(ENTRY, failing, problems::add);
      delivery.announce();
      delivery.announce();
      delivery.announced();
      delivery.deliver(0, bytes(1));
      delivery.missing(HOLE);
      assertEquals(all.subList(0, all.indexOf(at) + 1), failing.asked);
      assertEquals(
          List.of(
              new Problem(
                  Optional.of(ENTRY.path()),
                  "Not restored: it cannot be written: it does not exist")),
          problems);
    }
  }

  @Test
  void receiverFailsOnTwoPiecesAtOnce_isReportedOnce() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Receiver failing =
        new Receiver() {
          @Override
          public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
            try {
              both.await();
            } catch (InterruptedException | BrokenBarrierException e) {
              throw new AssertionError(e);
            }
            throw new IOException("no room");
          }

          @Override
          public void missing(Entry entry, Hole hole) {
            throw new AssertionError("nothing is missing");
          }

          @Override
          public void complete(Entry entry) {
            throw new AssertionError("it failed");
          }
        };
    EntryDelivery delivery = new EntryDelivery(ENTRY, failing, problems::add);
    delivery.announce();
    delivery.announce();
    Thread other = Threads.caller("other", () -> delivery.deliver(0, bytes(1)));
    delivery.deliver(1, bytes(2));
    other.join();
    delivery.announced();
    assertEquals(1, problems.size(), problems.toString());
  }
}
