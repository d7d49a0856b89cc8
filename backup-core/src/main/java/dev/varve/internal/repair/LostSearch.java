package dev.varve.internal.repair;

import dev.varve.EntryPath;
import dev.varve.internal.chunker.Chunker;
import dev.varve.internal.chunkstore.BlockScan;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.PackRemains;
import dev.varve.internal.crypto.PrefixIds;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for lost chunks wherever they may be all the same: in packs that nobody registered or that
 * are condemned and not deleted yet, and in packs without a readable footer, where blocks are found
 * by their markers and chunks by their ids. Believes nothing but what authenticates and has the
 * right id. Used by one thread.
 */
final class LostSearch implements AutoCloseable {

  private final Vault vault;
  private final Wanted wanted;
  private final WoundedPacks.Taker taker;
  private final Cancellation cancellation;
  private final PackInspector inspector;
  private final PackRemains remains;
  private final BlockScan scan;
  private final List<Chunker> chunkers;
  private final Map<ChunkKind, PrefixIds> ids = new EnumMap<>(ChunkKind.class);
  private long found;

  /** Looks for {@code wanted}, which it takes out what it found of. */
  LostSearch(Vault vault, Wanted wanted, WoundedPacks.Taker taker, Cancellation cancellation)
      throws IOException {
    this.vault = vault;
    this.wanted = wanted;
    this.taker = taker;
    this.cancellation = cancellation;
    this.inspector = new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys());
    this.remains = new PackRemains(vault.store(), vault.id(), vault.keys(), vault.packKeys());
    this.scan = new BlockScan(vault.keys());
    this.chunkers = List.of(vault.chunker(), vault.fineChunker());
    for (ChunkKind kind : ChunkKind.values()) {
      ids.put(kind, new PrefixIds(vault.keys(), kind));
    }
  }

  /** Looks everywhere; how many were found. */
  long run(LogState state, List<Wounds.Wounded> wounded) throws IOException {
    byIndex();
    if (!wanted.isEmpty()) {
      Set<PackName> silent = new TreeSet<>();
      wounded.forEach(pack -> silent.add(pack.pack().name()));
      for (Stored item : Items.list(vault.store(), "packs/")) {
        cancellation.check();
        Optional<PackName> pack = nameOf(item);
        if (pack.isPresent() && !wanted.isEmpty()) {
          look(state.pack(pack.get()), item, silent.contains(pack.get()));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    inspector.close();
    remains.close();
  }

  /** What the index says of packs that are not to be relied on may be true all the same. */
  private void byIndex() throws IOException {
    for (Wanted.Chunk chunk : wanted.all()) {
      cancellation.check();
      try {
        byte[] bytes = vault.chunks().get(chunk.kind(), chunk.ref());
        take(chunk.kind(), chunk.ref().id(), bytes, 0, bytes.length);
      } catch (ChunkMissingException | FormatException e) {
        // Not by the index: perhaps elsewhere.
      }
    }
  }

  private static Optional<PackName> nameOf(Stored item) {
    try {
      return Optional.of(PackName.ofKey(item.key()));
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private void look(PackStatus status, Stored item, boolean silent) throws IOException {
    if (status.isRegistered() && !status.isCondemned()) {
      if (silent) {
        scan(status.name(), status.kind(), item.size());
      }
      return;
    }
    for (PackKind kind : PackKind.values()) {
      try {
        footer(status.name(), kind, item.size());
        return;
      } catch (FormatException | EOFException | NoSuchFileException e) {
        scan(status.name(), kind, item.size());
      }
    }
  }

  private void footer(PackName pack, PackKind kind, long storedBytes) throws IOException {
    List<FooterBlock> footer = inspector.footer(pack, kind, storedBytes);
    Optional<PackKeys.PackKey> key = remains.key(pack, kind, storedBytes);
    for (FooterBlock block : footer) {
      if (key.isPresent() && Arrays.stream(block.ids()).anyMatch(wanted::contains)) {
        chunks(key.get(), block);
      }
    }
  }

  private void chunks(PackKeys.PackKey key, FooterBlock block) throws IOException {
    try {
      remains.open(key, block.ordinal(), block.offset(), block.storedBytes());
    } catch (FormatException e) {
      return;
    }
    int offset = 0;
    for (int i = 0; i < block.ids().length; i++) {
      ChunkId id = block.ids()[i];
      int length = block.lengths()[i];
      if (wanted.contains(id) && remains.kindOf(key.kind(), id, offset, length).isPresent()) {
        take(block.kinds()[i], id, remains.plain(), offset, length);
      }
      offset += length;
    }
  }

  private void scan(PackName pack, PackKind kind, long storedBytes) throws IOException {
    if (storedBytes > PackInspector.MAX_PACK_BYTES) {
      return;
    }
    Optional<PackKeys.PackKey> key = remains.key(pack, kind, storedBytes);
    if (key.isEmpty()) {
      return;
    }
    byte[] bytes = new byte[(int) storedBytes];
    try {
      vault.store().read(pack.key(), 0, ByteBuffer.wrap(bytes));
    } catch (NoSuchFileException | EOFException e) {
      return;
    }
    for (BlockScan.Found block : scan.find(pack, bytes, bytes.length)) {
      cancellation.check();
      try {
        remains.open(
            key.get(),
            block.ordinal(),
            ByteBuffer.wrap(bytes, block.offset(), block.storedBytes()));
      } catch (FormatException e) {
        // Damaged, or not as long as it seemed.
        continue;
      }
      split(kind);
    }
  }

  /** Takes wanted chunks out of a block of which nobody says where its chunks end. */
  private void split(PackKind pack) throws IOException {
    byte[] plain = Arrays.copyOf(remains.plain(), remains.plainBytes());
    NavigableSet<Integer> begins = new TreeSet<>(Set.of(0));
    while (!begins.isEmpty() && !wanted.isEmpty()) {
      int at = begins.pollFirst();
      int length = at < plain.length ? takeAt(pack, plain, at) : 0;
      if (length > 0) {
        begins.add(at + length);
      } else if (at < plain.length && pack == PackKind.DATA) {
        // Nobody says of which content it was, so it may have been cut in either way.
        for (Chunker chunker : chunkers) {
          begins.add(at + chunker.next(plain, at, plain.length - at, true));
        }
      } else if (at < plain.length) {
        cancellation.check();
        begins.add(nextInCatalog(plain, at + 1));
      }
    }
  }

  /**
   * Where the next chunk of a catalog may begin, or the end: none says how long it is, but each
   * begins with its level and a path that shares nothing with one before it.
   */
  private static int nextInCatalog(byte[] plain, int from) {
    for (int at = from; at < plain.length; at++) {
      if (plain[at] >= 0 && plain[at] <= ChunkList.MAX_DEPTH && isWholePath(plain, at + 1)) {
        return at;
      }
    }
    return plain.length;
  }

  private static boolean isWholePath(byte[] plain, int at) {
    if (at >= plain.length || plain[at] != 0) {
      return false;
    }
    try {
      byte[] path = new Decoder(plain, at + 1, plain.length - at - 1).bytes(EntryPath.MAX_BYTES);
      for (byte b : path) {
        if (b == 0) {
          return false;
        }
      }
      return path.length > 0;
    } catch (FormatException e) {
      return false;
    }
  }

  /** How long the wanted chunk is that begins here; 0 if none does. */
  private int takeAt(PackKind pack, byte[] plain, int at) throws IOException {
    for (ChunkKind kind : ChunkKind.values()) {
      if (kind.pack() == pack) {
        Optional<ChunkRef> chunk =
            ids(kind).find(plain, at, plain.length, wanted.lengths(kind), wanted::contains);
        if (chunk.isPresent()) {
          take(kind, chunk.get().id(), plain, at, chunk.get().length());
          return chunk.get().length();
        }
      }
    }
    return 0;
  }

  private PrefixIds ids(ChunkKind kind) {
    return Optional.ofNullable(ids.get(kind)).orElseThrow();
  }

  private void take(ChunkKind kind, ChunkId id, byte[] bytes, int offset, int length)
      throws IOException {
    taker.take(kind, bytes, offset, length);
    wanted.remove(id);
    found++;
  }
}
