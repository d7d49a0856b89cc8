package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Hole;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.task.Cancellation;
import dev.varve.target.Receiver;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetcherTest {

  private final MemoryStore store = new MemoryStore();
  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
  private final List<Hole> holes = new ArrayList<>();
  private final List<Entry> complete = new ArrayList<>();

  /** A run that lies can tell of blocks of 2 GiB; nobody makes room for them. */
  @Test
  void deliver_blocksLongerThanAny_areHolesAndTakeNoMemory() throws IOException {
    byte[] chunk = new byte[1000];
    ChunkRef ref = new ChunkRef(new ChunkIds(keys).id(ChunkKind.DATA, chunk, 0, 1000), 1000);
    Entry entry = Entry.builder(EntryPath.of("f"), EntryKind.FILE).size(3000).build();
    EntryDelivery delivery = new EntryDelivery(entry, receiver(), problem -> {});
    List<PackRange.LocatedPiece> pieces = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      delivery.announce();
      PackName pack = PackName.random();
      store.put(pack.key(), new byte[10_000]);
      pieces.add(
          new PackRange.LocatedPiece(
              new Piece(delivery, 1000L * i, ref),
              new ChunkLocation(pack, 0, i, Integer.MAX_VALUE - i, 0, 1000)));
    }
    delivery.announced();
    try (Fetcher fetcher =
        new Fetcher(
            store,
            new PackKeys(store, keys.repositoryId(), keys, index),
            (kind, wanted) -> {
              throw new ChunkMissingException("there is no other copy");
            },
            new Cancellation(),
            holes::add,
            new BlockOpener(keys.repositoryId(), keys))) {
      for (PackRange range : PackRange.plan(pieces)) {
        fetcher.deliver(range);
      }
    }
    assertEquals(3, holes.size());
    assertEquals(List.of(entry), complete);
  }

  private Receiver receiver() {
    return new Receiver() {
      @Override
      public void receive(Entry entry, long offset, ByteBuffer piece) {
        throw new AssertionError("Something was delivered at " + offset);
      }

      @Override
      public void missing(Entry entry, Hole hole) {
        assertEquals(1000, hole.length());
      }

      @Override
      public void complete(Entry entry) {
        complete.add(entry);
      }
    };
  }
}
