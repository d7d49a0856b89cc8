package dev.varve.internal.chunkstore;

import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.store.ReadCache;
import dev.varve.internal.task.Threads;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Reads chunks one by one, trying every copy, and keeps the last opened blocks, because neighbours
 * are usually asked for next. Safe for use by many threads.
 */
public final class ChunkReader implements ChunkSource, AutoCloseable {

  private static final int CACHED_BLOCKS = 6;
  private static final int OPENERS = 2;

  private final Store store;
  private final ReadCache copies;
  private final PackKeys packKeys;
  private final ChunkIndex index;
  private final Pool<BlockOpener> openers;
  private final List<BlockOpener> madeOpeners = new ArrayList<>();
  private final Map<BlockPlace, FutureTask<byte[]>> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlockPlace, FutureTask<byte[]>> eldest) {
          return size() > CACHED_BLOCKS;
        }
      };

  private record BlockPlace(PackName pack, int ordinal, long offset, int bytes, boolean near) {

    // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
    @Override
    public boolean equals(Object other) {
      return other instanceof BlockPlace that
          && pack.equals(that.pack)
          && ordinal == that.ordinal
          && offset == that.offset
          && bytes == that.bytes
          && near == that.near;
    }

    @Override
    public int hashCode() {
      return 31 * pack.hashCode() + ordinal;
    }
  }

  /**
   * Reads chunks from {@code store} where {@code index} says they are, or from {@code copies} whose
   * seals open.
   */
  public ChunkReader(
      Store store,
      ReadCache copies,
      RepositoryId repository,
      RepositoryKeys keys,
      ChunkIndex index,
      PackKeys packKeys) {
    this.store = store;
    this.copies = copies;
    this.index = index;
    this.packKeys = packKeys;
    this.openers = new Pool<>(OPENERS, () -> newOpener(repository, keys));
  }

  @Override
  public byte[] get(ChunkKind kind, ChunkRef ref) throws IOException {
    return get(kind, ref, false);
  }

  /** As {@link #get(ChunkKind, ChunkRef)}, from local copies where there are some; keeps others. */
  public byte[] getNear(ChunkKind kind, ChunkRef ref) throws IOException {
    return get(kind, ref, true);
  }

  private byte[] get(ChunkKind kind, ChunkRef ref, boolean near) throws IOException {
    List<String> reasons = new ArrayList<>();
    boolean gone = false;
    for (ChunkLocation location : index.findAll(ref.id())) {
      try {
        return read(kind, ref, location, near);
      } catch (FormatException | NoSuchFileException | EOFException e) {
        reasons.add(location.pack().key() + ": " + e.getMessage());
        gone |= e instanceof NoSuchFileException;
      }
    }
    throw new ChunkMissingException(
        reasons.isEmpty()
            ? "Chunk " + ref.id() + " is in no pack that the index knows"
            : "No copy of chunk " + ref.id() + " can be read: " + String.join("; ", reasons),
        gone || reasons.isEmpty());
  }

  @Override
  public void close() {
    synchronized (madeOpeners) {
      madeOpeners.forEach(BlockOpener::close);
      madeOpeners.clear();
    }
  }

  private byte[] read(ChunkKind kind, ChunkRef ref, ChunkLocation location, boolean near)
      throws IOException {
    if (location.chunkBytes() != ref.length()) {
      throw new FormatException(
          "Chunk " + ref.id() + " has " + location.chunkBytes() + " bytes, not " + ref.length());
    }
    byte[] plain = block(location, near);
    int start = location.chunkOffset();
    if (start > plain.length - ref.length()) {
      throw new FormatException("Chunk " + ref.id() + " lies outside its block");
    }
    BlockOpener opener = openers.take();
    try {
      opener.verify(kind, ref.id(), plain, start, ref.length());
    } finally {
      openers.give(opener);
    }
    return Arrays.copyOfRange(plain, start, start + ref.length());
  }

  private byte[] block(ChunkLocation location, boolean near) throws IOException {
    BlockPlace place =
        new BlockPlace(
            location.pack(), location.block(), location.blockOffset(), location.blockBytes(), near);
    FutureTask<byte[]> task;
    synchronized (cache) {
      task = cache.computeIfAbsent(place, p -> new FutureTask<>(opening(p)));
    }
    task.run();
    try {
      return Threads.joinIo(task);
    } catch (IOException | RuntimeException e) {
      synchronized (cache) {
        cache.remove(place, task);
      }
      throw e;
    }
  }

  private Callable<byte[]> opening(BlockPlace place) {
    return () -> {
      PackKeys.PackKey key = packKeys.of(place.pack());
      if (place.bytes() > BlockOpener.MAX_SEALED_BYTES) {
        throw new FormatException("A block would have " + place.bytes() + " sealed bytes");
      }
      String name = place.pack().key() + "@" + place.offset() + "+" + place.bytes();
      Optional<byte[]> copy = place.near() ? copies.find(name) : Optional.empty();
      if (copy.isPresent()) {
        try {
          return open(key, place, copy.get());
        } catch (FormatException e) {
          copies.drop(name);
        }
      }
      byte[] sealed = fetch(place);
      byte[] plain;
      try {
        plain = open(key, place, sealed);
      } catch (FormatException once) {
        // A bad transfer is not damage.
        sealed = fetch(place);
        plain = open(key, place, sealed);
      }
      if (place.near()) {
        copies.keep(name, sealed);
      }
      return plain;
    };
  }

  private byte[] fetch(BlockPlace place) throws IOException {
    byte[] sealed = new byte[place.bytes()];
    store.read(place.pack().key(), place.offset(), ByteBuffer.wrap(sealed));
    return sealed;
  }

  private byte[] open(PackKeys.PackKey key, BlockPlace place, byte[] sealed) throws IOException {
    BlockOpener opener = openers.take();
    try {
      int length = opener.open(key, place.ordinal(), ByteBuffer.wrap(sealed));
      return Arrays.copyOf(opener.plain(), length);
    } finally {
      openers.give(opener);
    }
  }

  private BlockOpener newOpener(RepositoryId repository, RepositoryKeys keys) {
    try {
      BlockOpener opener = new BlockOpener(repository, keys);
      synchronized (madeOpeners) {
        madeOpeners.add(opener);
      }
      return opener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
