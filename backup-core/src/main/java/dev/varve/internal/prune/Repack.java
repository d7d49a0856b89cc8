package dev.varve.internal.prune;

import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.Published;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Inspectors;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies chunks that are needed out of packs of which little is, and registers what holds the
 * copies. Used by one thread; copies with several. Retires nothing: until that is done, both copies
 * count, and a crash costs no more than this call's work since the last record.
 */
final class Repack {

  private static final int NEEDED_BYTES = 4 + ChunkId.BYTES + 1 + 4;
  private static final int MEMORY_BYTES = 4 << 20;
  private static final int PACKS_AT_ONCE = 256;
  private static final long BYTES_AT_ONCE = 1L << 30;
  private static final int PACKS_PER_RECORD = 2000;

  private final Vault vault;
  private final LogState state;
  private final PackTable packs;
  private final Unreadable unreadable;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final Set<PackName> emptied = new HashSet<>();
  private final Set<PackName> leaving = new HashSet<>();

  /** A chunk needed of a pack. */
  private record Needed(ChunkKind kind, ChunkRef ref) {}

  /** Hears of packs that nothing is needed of any more. */
  @FunctionalInterface
  interface Emptied {
    /**
     * Takes packs whose chunks were copied.
     *
     * @param copiedBytes how many bytes were stored for it
     */
    void accept(List<PackStatus> packs, long copiedBytes) throws IOException;
  }

  Repack(
      Vault vault,
      LogState state,
      PackTable packs,
      PruneSteps steps,
      Unreadable unreadable,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.state = state;
    this.packs = packs;
    this.unreadable = unreadable;
    this.reporter = reporter;
    this.cancellation = cancellation;
    steps.repack().forEach(use -> emptied.add(use.pack().name()));
    leaving.addAll(emptied);
    leaving.addAll(Usage.names(steps.retire()));
  }

  /** Copies, some packs at a time. */
  void run(
      Scratch scratch,
      ClaimedChunks claimed,
      UseCount homes,
      Collection<RowSet> marked,
      Emptied after)
      throws IOException {
    try (RowCursor needed = needed(scratch, claimed, homes, marked).cursor()) {
      boolean more = needed.next();
      while (more) {
        Map<PackStatus, Map<ChunkId, Needed>> some = new HashMap<>();
        long bytes = 0;
        while (more && some.size() < PACKS_AT_ONCE && bytes < BYTES_AT_ONCE) {
          int pack = ByteBuffer.wrap(needed.row()).getInt(0);
          Map<ChunkId, Needed> ofPack = new HashMap<>();
          while (more && ByteBuffer.wrap(needed.row()).getInt(0) == pack) {
            Needed chunk = needed(needed.row());
            ofPack.put(chunk.ref().id(), chunk);
            bytes += chunk.ref().length();
            more = needed.next();
          }
          some.put(packs.status(pack), ofPack);
        }
        copy(some, after);
      }
    }
  }

  /** The chunks that are at home in the packs to be emptied, by pack. */
  private RowSet needed(
      Scratch scratch, ClaimedChunks claimed, UseCount homes, Collection<RowSet> marked)
      throws IOException {
    SortedRows needed = scratch.rows(NEEDED_BYTES, MEMORY_BYTES);
    try (MarkedChunks reached = new MarkedChunks(marked)) {
      while (claimed.next()) {
        if (reached.contains(claimed.id())) {
          Optional<ChunkLocation> home = homes.home(claimed.places());
          if (home.isPresent() && emptied.contains(home.get().pack())) {
            needed.add(needed(claimed.id(), reached.kind(), home.get()));
          }
        }
      }
    }
    return needed.finish();
  }

  private byte[] needed(ChunkId id, ChunkKind kind, ChunkLocation home) {
    byte[] row = new byte[NEEDED_BYTES];
    ByteBuffer.wrap(row).putInt(packs.find(home.pack()));
    id.write(row, 4);
    row[4 + ChunkId.BYTES] = (byte) kind.code();
    ByteBuffer.wrap(row).putInt(4 + ChunkId.BYTES + 1, home.chunkBytes());
    return row;
  }

  private static Needed needed(byte[] row) throws FormatException {
    ChunkKind kind = ChunkKind.of(row[4 + ChunkId.BYTES]);
    int length = ByteBuffer.wrap(row).getInt(4 + ChunkId.BYTES + 1);
    return new Needed(kind, new ChunkRef(ChunkId.at(row, 4), length));
  }

  private void copy(Map<PackStatus, Map<ChunkId, Needed>> some, Emptied after) throws IOException {
    List<PackStatus> done = new ArrayList<>();
    try (WriteSession session = vault.write(true, this::stays)) {
      Cancellation.Registration stop =
          cancellation.onCancel(() -> session.abandon(new IOException("The prune was cancelled")));
      try (Inspectors inspectors = new Inspectors(vault);
          Openers openers = new Openers(vault);
          Work work = new Work(vault.threads(), cancellation)) {
        Sinks sinks = new Sinks(session);
        for (Map.Entry<PackStatus, Map<ChunkId, Needed>> each : some.entrySet()) {
          work.submit(
              () -> {
                if (copy(session, each.getKey(), each.getValue(), inspectors, openers, sinks)) {
                  synchronized (done) {
                    done.add(each.getKey());
                  }
                }
              });
        }
        work.await();
      }
      session.drain();
      stop.close();
      cancellation.check();
      Published published = session.publish();
      register(published);
      after.accept(done, session.volume().storedBytes());
    }
  }

  /** A copy in a pack that this call is about to retire spares nobody the copying. */
  private boolean stays(ChunkLocation place) {
    return state.isUsable(place.pack(), place.block()) && !leaving.contains(place.pack());
  }

  private void register(Published published) throws IOException {
    List<NewRun> runs =
        published.runs().stream().map(r -> new NewRun(r.name(), r.storedBytes())).toList();
    List<NewPack> all =
        published.packs().stream()
            .map(p -> new NewPack(p.name(), p.kind(), Math.toIntExact(p.storedBytes())))
            .toList();
    for (int i = 0; i < all.size(); i += PACKS_PER_RECORD) {
      int end = Math.min(all.size(), i + PACKS_PER_RECORD);
      Index record =
          new Index(
              state.slot(), List.of(), end == all.size() ? runs : List.of(), all.subList(i, end));
      vault.log().append(Draft.of(record));
    }
  }

  /** Copies what is needed of a pack; whether all of it could be read. */
  private boolean copy(
      WriteSession session,
      PackStatus pack,
      Map<ChunkId, Needed> needed,
      Inspectors inspectors,
      Openers openers,
      Sinks sinks)
      throws IOException {
    Map<ChunkId, Needed> left = new HashMap<>(needed);
    ChunkSink sink = sinks.take();
    try (Openers.Lent opener = openers.take()) {
      for (FooterBlock block : footer(inspectors, pack)) {
        cancellation.check();
        copy(session, pack, block, left, opener.opener(), sink);
      }
      for (Needed chunk : left.values()) {
        byte[] bytes = vault.chunks().get(chunk.kind(), chunk.ref());
        sink.put(chunk.kind(), bytes, 0, bytes.length);
      }
      reporter.done(1, pack.storedBytes(), Optional.empty());
      return true;
    } catch (ChunkMissingException e) {
      unreadable.note(pack.name() + " is not repacked: " + e.getMessage());
      return false;
    } finally {
      sinks.give(sink);
    }
  }

  /** Without a footer, each chunk is looked for by itself. */
  private static List<FooterBlock> footer(Inspectors inspectors, PackStatus pack)
      throws IOException {
    try {
      return inspectors.footer(pack);
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return List.of();
    }
  }

  private void copy(
      WriteSession session,
      PackStatus pack,
      FooterBlock block,
      Map<ChunkId, Needed> left,
      BlockOpener opener,
      ChunkSink sink)
      throws IOException {
    boolean any = false;
    for (ChunkId id : block.ids()) {
      any |= left.containsKey(id);
    }
    if (!any || block.storedBytes() > BlockOpener.MAX_SEALED_BYTES) {
      return;
    }
    byte[] sealed = new byte[block.storedBytes()];
    int plainBytes;
    try {
      PackKeys.PackKey key = vault.packKeys().of(pack.name());
      vault.store().read(pack.name().key(), block.offset(), ByteBuffer.wrap(sealed));
      plainBytes = opener.open(key, block.ordinal(), ByteBuffer.wrap(sealed));
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return;
    }
    List<Integer> there = there(block, left, opener);
    boolean whole = there.size() == block.ids().length && plainBytes == block.plainBytes();
    if (whole && session.reseal(block, opener)) {
      there.forEach(i -> left.remove(block.ids()[i]));
      return;
    }
    int[] offsets = offsets(block);
    for (int i : there) {
      left.remove(block.ids()[i]);
      sink.put(block.kinds()[i], opener.plain(), offsets[i], block.lengths()[i]);
    }
  }

  /** Which chunks of a block, opened just now, are needed and what they should be. */
  private static List<Integer> there(
      FooterBlock block, Map<ChunkId, Needed> left, BlockOpener opener) throws IOException {
    int[] offsets = offsets(block);
    List<Integer> there = new ArrayList<>();
    for (int i = 0; i < block.ids().length; i++) {
      if (left.containsKey(block.ids()[i]) && isThere(opener, block, i, offsets[i])) {
        there.add(i);
      }
    }
    return there;
  }

  private static int[] offsets(FooterBlock block) {
    int[] offsets = new int[block.ids().length];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + block.lengths()[i - 1];
    }
    return offsets;
  }

  private static boolean isThere(BlockOpener opener, FooterBlock block, int chunk, int offset)
      throws IOException {
    try {
      opener.verify(block.kinds()[chunk], block.ids()[chunk], offset, block.lengths()[chunk]);
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  /** As many sinks as threads ask at once. */
  private static final class Sinks {
    private final WriteSession session;
    private final ArrayDeque<ChunkSink> idle = new ArrayDeque<>();

    Sinks(WriteSession session) {
      this.session = session;
    }

    ChunkSink take() throws IOException {
      synchronized (idle) {
        if (!idle.isEmpty()) {
          return idle.pop();
        }
      }
      return session.sink();
    }

    void give(ChunkSink sink) {
      synchronized (idle) {
        idle.push(sink);
      }
    }
  }
}
