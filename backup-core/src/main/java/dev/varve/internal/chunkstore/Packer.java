package dev.varve.internal.chunkstore;

import dev.varve.internal.format.PackKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives places in packs of one kind to blocks, starting a new pack when one is full. Safe for use
 * by many threads. Does not upload: that is what it hands complete packs on for.
 */
final class Packer {

  private final PackKind kind;
  private final BlockSeals seals;
  private final Pool<ByteBuffer> slabs;
  private final Consumer<OpenPack> complete;
  private Optional<OpenPack> open = Optional.empty();

  Packer(PackKind kind, BlockSeals seals, Pool<ByteBuffer> slabs, Consumer<OpenPack> complete) {
    this.kind = kind;
    this.seals = seals;
    this.slabs = slabs;
    this.complete = complete;
  }

  /** A place for a block that will have so many sealed bytes; may wait for an upload. */
  synchronized OpenPack.Place place(Block block, int sealedBytes) throws IOException {
    if (open.isPresent() && !open.get().fits(sealedBytes, block.count())) {
      close();
    }
    if (open.isEmpty()) {
      open = Optional.of(new OpenPack(seals, kind, slabs.take()));
    }
    return open.get().place(block, sealedBytes);
  }

  /** The block at {@code place} is sealed. */
  void sealed(OpenPack.Place place) {
    if (place.pack().sealed()) {
      complete.accept(place.pack());
    }
  }

  /** Ends the pack being filled, if there is one. */
  synchronized void close() {
    Optional<OpenPack> closing = open;
    open = Optional.empty();
    if (closing.isPresent() && closing.get().close()) {
      complete.accept(closing.get());
    }
  }
}
