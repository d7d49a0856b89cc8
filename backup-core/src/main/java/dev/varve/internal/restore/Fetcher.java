package dev.varve.internal.restore;

import dev.varve.Hole;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.task.Cancellation;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Fetches ranges of packs, opens the blocks in them and hands the chunks to the entries that want
 * them. Used by one thread at a time; reused.
 */
final class Fetcher implements AutoCloseable {

  private final Store store;
  private final PackKeys packKeys;
  private final ChunkSource otherCopies;
  private final Cancellation cancellation;
  private final Consumer<Hole> holes;
  private final BlockOpener opener;
  private byte[] fetched = new byte[0];

  Fetcher(
      Store store,
      PackKeys packKeys,
      ChunkSource otherCopies,
      Cancellation cancellation,
      Consumer<Hole> holes,
      BlockOpener opener) {
    this.store = store;
    this.packKeys = packKeys;
    this.otherCopies = otherCopies;
    this.cancellation = cancellation;
    this.holes = holes;
    this.opener = opener;
  }

  /** Delivers everything wanted of a range. */
  void deliver(PackRange range) throws IOException {
    cancellation.check();
    if (!fetch(range)) {
      for (PackRange.BlockPieces block : range.blocks()) {
        deliverOneByOne(block.pieces());
      }
      return;
    }
    for (PackRange.BlockPieces block : range.blocks()) {
      cancellation.check();
      deliver(range, block);
    }
  }

  @Override
  public void close() {
    opener.close();
  }

  private boolean fetch(PackRange range) throws IOException {
    if (range.bytes() > Math.max(PackRange.MAX_BYTES, BlockOpener.MAX_SEALED_BYTES)) {
      return false;
    }
    if (fetched.length < range.bytes()) {
      fetched = new byte[range.bytes()];
    }
    try {
      store.read(range.pack().key(), range.offset(), ByteBuffer.wrap(fetched, 0, range.bytes()));
      return true;
    } catch (NoSuchFileException | EOFException e) {
      return false;
    }
  }

  private void deliver(PackRange range, PackRange.BlockPieces block) throws IOException {
    PackName pack = range.pack();
    int start = Math.toIntExact(block.offset() - range.offset());
    try {
      opener.open(
          packKeys.of(pack), block.ordinal(), ByteBuffer.wrap(fetched, start, block.bytes()));
    } catch (FormatException e) {
      deliverOneByOne(block.pieces());
      return;
    }
    ChunkLocation verified = null;
    for (PackRange.LocatedPiece located : block.pieces()) {
      ChunkLocation location = located.location();
      Piece piece = located.piece();
      try {
        if (location.chunkBytes() != piece.ref().length()) {
          throw new FormatException("The index tells another length of chunk " + piece.ref().id());
        }
        if (!location.equals(verified)) {
          opener.verify(
              ChunkKind.DATA, piece.ref().id(), location.chunkOffset(), location.chunkBytes());
          verified = location;
        }
      } catch (FormatException e) {
        deliverOneByOne(List.of(located));
        continue;
      }
      ByteBuffer bytes =
          ByteBuffer.wrap(opener.plain(), location.chunkOffset(), location.chunkBytes());
      piece.delivery().deliver(piece.offset(), bytes.asReadOnlyBuffer());
    }
  }

  /** Looks for every copy of each chunk; what has none left is a hole. */
  private void deliverOneByOne(List<PackRange.LocatedPiece> pieces) throws IOException {
    for (PackRange.LocatedPiece located : pieces) {
      deliverOneByOne(located.piece());
    }
  }

  void deliverOneByOne(Piece piece) throws IOException {
    try {
      byte[] bytes = otherCopies.get(ChunkKind.DATA, piece.ref());
      piece.delivery().deliver(piece.offset(), ByteBuffer.wrap(bytes));
    } catch (ChunkMissingException | FormatException e) {
      Hole hole =
          new Hole(
              piece.delivery().entry().path(),
              piece.offset(),
              piece.ref().length(),
              String.valueOf(e.getMessage()));
      holes.accept(hole);
      piece.delivery().missing(hole);
    }
  }
}
