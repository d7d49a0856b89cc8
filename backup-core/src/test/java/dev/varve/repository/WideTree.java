package dev.varve.repository;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.Revision;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import dev.varve.target.Receiver;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * A source of any size that takes no memory, and a target that compares every byte it is given with
 * what the source has.
 *
 * @param count how many files
 * @param paths the path of each, ascending
 * @param sizes the size of each, in bytes
 * @param insertedAt where one byte is inserted into every content that is longer
 */
record WideTree(int count, IntFunction<String> paths, IntToLongFunction sizes, long insertedAt)
    implements Source {

  static final long NOWHERE = Long.MAX_VALUE;

  @Override
  public SourceIdentity identity() {
    return new SourceIdentity("memory", "wide", "test");
  }

  @Override
  public SourceRun begin(SourceContext context) {
    return new SourceRun() {
      @Override
      public EntryCursor entries() {
        int[] next = {0};
        return () -> next[0] < count ? Optional.of(entry(next[0]++)) : Optional.empty();
      }

      @Override
      public Content open(Entry entry) {
        return Content.of(entry, new Bytes(number(entry), entry.size()));
      }

      @Override
      public void close() {}
    };
  }

  private Entry entry(int number) {
    long size = sizes.applyAsLong(number);
    boolean longer = size > insertedAt;
    return Entry.builder(EntryPath.of(paths.apply(number)), EntryKind.FILE)
        .size(longer ? size + 1 : size)
        .modified(Instant.ofEpochSecond(number))
        .revision(Revision.of(ByteBuffer.allocate(16).putLong(number).putLong(insertedAt).array()))
        .build();
  }

  private static long number(Entry entry) {
    return entry.modified().orElseThrow().getEpochSecond();
  }

  /** The byte of a content at a position. */
  private byte at(long number, long position) {
    if (position == insertedAt) {
      return 'x';
    }
    long original = position > insertedAt ? position - 1 : position;
    return (byte) (mixed(number, original >>> 3) >>> (8 * (original & 7)));
  }

  /** SplitMix64. */
  private static long mixed(long number, long word) {
    long z = number * 0x632be59bd9b4e019L + (word + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** One content. */
  private final class Bytes extends InputStream {
    private final long number;
    private final long size;
    private long position;

    Bytes(long number, long size) {
      this.number = number;
      this.size = size;
    }

    @Override
    public int read() {
      return position < size ? at(number, position++) & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (position == size) {
        return length == 0 ? 0 : -1;
      }
      int wanted = (int) Math.min(length, size - position);
      for (int i = 0; i < wanted; i++) {
        into[offset + i] = at(number, position++);
      }
      return wanted;
    }
  }

  /** Counts what comes back and fails on the first byte that is another. */
  static final class Comparing implements Target, Receiver {
    private final WideTree tree;
    final LongAdder bytes = new LongAdder();
    final LongAdder entries = new LongAdder();

    Comparing(WideTree tree) {
      this.tree = tree;
    }

    @Override
    public void restore(SnapshotContents contents, TargetContext context) throws IOException {
      contents.deliver(entry -> true, this);
    }

    @Override
    public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
      long number = number(entry);
      long position = offset;
      bytes.add(piece.remaining());
      while (piece.hasRemaining()) {
        if (piece.get() != tree.at(number, position++)) {
          throw new IOException("A wrong byte at " + (position - 1) + " of " + entry.path());
        }
      }
    }

    @Override
    public void missing(Entry entry, Hole hole) throws IOException {
      throw new IOException(hole + " is missing");
    }

    @Override
    public void complete(Entry entry) {
      entries.increment();
    }
  }
}
