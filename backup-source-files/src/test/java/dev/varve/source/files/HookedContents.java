package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.testkit.ForwardingContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/** Contents that let something happen at chosen moments of a restore. */
final class HookedContents extends ForwardingContents {

  /** What happens. */
  interface Hook {
    void at(Entry entry) throws IOException;
  }

  private final Hook shown;
  private final Hook completing;

  /**
   * @param shown after the target was shown an entry
   * @param completing before the target is told that an entry is complete
   */
  HookedContents(SnapshotContents contents, Hook shown, Hook completing) {
    super(contents);
    this.shown = shown;
    this.completing = completing;
  }

  @Override
  public void deliver(Predicate<Entry> wanted, Receiver receiver) throws IOException {
    super.deliver(entry -> test(wanted, entry), new HookedReceiver(receiver));
  }

  private boolean test(Predicate<Entry> wanted, Entry entry) {
    boolean answer = wanted.test(entry);
    try {
      shown.at(entry);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    return answer;
  }

  private final class HookedReceiver implements Receiver {

    private final Receiver receiver;

    HookedReceiver(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      receiver.receive(entry, offset, piece);
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      receiver.missing(entry, hole);
    }

    @Override
    public void complete(Entry entry) throws IOException {
      completing.at(entry);
      receiver.complete(entry);
    }
  }
}
