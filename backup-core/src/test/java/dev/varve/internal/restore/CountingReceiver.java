package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.target.Receiver;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Hands on what pieces come and forgets them. As safe as what hears of them. */
final class CountingReceiver implements Receiver {

  private final BiConsumer<Long, ByteBuffer> pieces;

  /** Hears where pieces begin. */
  CountingReceiver(LongConsumer offsets) {
    pieces = (offset, bytes) -> offsets.accept(offset);
  }

  private CountingReceiver(BiConsumer<Long, ByteBuffer> pieces) {
    this.pieces = pieces;
  }

  /** Hears of the pieces themselves. */
  static CountingReceiver ofPieces(Consumer<ByteBuffer> pieces) {
    return new CountingReceiver((offset, bytes) -> pieces.accept(bytes));
  }

  @Override
  public void receive(Entry entry, long offset, ByteBuffer piece) {
    pieces.accept(offset, piece);
  }

  @Override
  public void missing(Entry entry, Hole hole) {}

  @Override
  public void complete(Entry entry) {}
}
