package dev.varve.internal.prune;

import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.crypto.AbsentKeyException;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RowCursor;
import dev.varve.internal.index.RowSet;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.index.SortedRows;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Inspectors;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds out which packs may be condemned together: for every chunk that snapshots reach and that
 * footer or index place in one of them, it opens a copy that stays, and computes its id again. An
 * entry of the index is a claim, and a footer is believed where it claims more than the index. Used
 * by one thread; reads with several.
 */
final class Keepers {

  private static final int LISTED_BYTES = ChunkId.BYTES + 4;
  private static final int PLACE_BYTES = 16 + 4 + 8 + 4;
  private static final int COPY_BYTES = PLACE_BYTES + 4 + 4 + 1 + ChunkId.BYTES + 4;
  private static final int MEMORY_BYTES = 4 << 20;
  private static final int MOST_COPIES_AT_ONCE = 4096;

  private final Vault vault;
  private final Scratch scratch;
  private final LogState state;
  private final PackTable packs;
  private final BitSet candidates;
  private final PruneRules rules;
  private final Unreadable unreadable;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final BitSet staying = new BitSet();
  private final Map<Integer, Set<PackName>> keepers = new HashMap<>();
  private final Map<PackName, SortedSet<Integer>> suspects = new TreeMap<>();

  /** A pack that may be condemned, and the packs that keep what is needed of it. */
  record Kept(RetiredPack pack, long storedBytes, Set<PackName> keepers) {}

  /** A copy of a chunk, and the pack to be condemned that holds another. */
  private record Copy(ChunkKind kind, ChunkId id, ChunkLocation place, int held) {}

  Keepers(
      Vault vault,
      Scratch scratch,
      LogState state,
      PackTable packs,
      BitSet candidates,
      PruneRules rules,
      Unreadable unreadable,
      Reporter reporter,
      Cancellation cancellation) {
    this.vault = vault;
    this.scratch = scratch;
    this.state = state;
    this.packs = packs;
    this.candidates = candidates;
    this.rules = rules;
    this.unreadable = unreadable;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Which of the candidates may be condemned together. */
  List<Kept> search(ClaimedChunks claimed, Collection<RowSet> marked) throws IOException {
    reporter.phase(
        "looking into packs", OptionalLong.of(candidates.cardinality()), OptionalLong.empty());
    SortedRows copies = scratch.rows(COPY_BYTES, MEMORY_BYTES);
    try (RowCursor listed = footers().cursor();
        MarkedChunks reached = new MarkedChunks(marked)) {
      boolean more = listed.next();
      while (claimed.next()) {
        while (more && listedId(listed).compareTo(claimed.id()) < 0) {
          more = hold(listedId(listed), listed, List.of(), reached, copies);
        }
        if (more && listedId(listed).equals(claimed.id())) {
          more = hold(claimed.id(), listed, claimed.places(), reached, copies);
        } else {
          hold(claimed.id(), new TreeSet<>(), claimed.places(), reached, copies);
        }
      }
      while (more) {
        more = hold(listedId(listed), listed, List.of(), reached, copies);
      }
    }
    if (rules.opensKeepers()) {
      reporter.phase("opening copies", OptionalLong.empty(), OptionalLong.empty());
      open(copies.finish());
    }
    List<Kept> kept = new ArrayList<>();
    candidates.stream()
        .filter(pack -> !staying.get(pack))
        .forEach(
            pack -> {
              PackStatus status = packs.status(pack);
              kept.add(
                  new Kept(
                      new RetiredPack(status.name(), status.retiredAt()),
                      status.storedBytes(),
                      keepers.getOrDefault(pack, Set.of())));
            });
    return kept;
  }

  private static ChunkId listedId(RowCursor listed) {
    return ChunkId.at(listed.row(), 0);
  }

  /** Takes all that is listed of a chunk; whether more is listed of others. */
  private boolean hold(
      ChunkId id,
      RowCursor listed,
      List<ChunkLocation> places,
      MarkedChunks reached,
      SortedRows copies)
      throws IOException {
    Set<Integer> held = new TreeSet<>();
    boolean more = true;
    while (more && listedId(listed).equals(id)) {
      held.add(ByteBuffer.wrap(listed.row()).getInt(ChunkId.BYTES));
      more = listed.next();
    }
    hold(id, held, places, reached, copies);
    return more;
  }

  private void hold(
      ChunkId id,
      Set<Integer> held,
      List<ChunkLocation> places,
      MarkedChunks reached,
      SortedRows copies)
      throws IOException {
    if (!reached.contains(id)) {
      return;
    }
    for (ChunkLocation place : places) {
      int pack = packs.find(place.pack());
      if (pack >= 0 && candidates.get(pack)) {
        held.add(pack);
      }
    }
    if (held.isEmpty()) {
      return;
    }
    Optional<ChunkLocation> keeper = Optional.empty();
    for (ChunkLocation place : places) {
      int pack = packs.find(place.pack());
      if (mayKeep(place) && (keeper.isEmpty() || packs.isActive(pack))) {
        keeper = Optional.of(place);
      }
    }
    for (int pack : held) {
      if (keeper.isEmpty() && isGoodIn(pack, places)) {
        neededAgain(pack);
      } else if (keeper.isEmpty()) {
        stay(pack, "it holds chunk " + id + ", and no other copy is known");
      } else {
        copies.add(copy(new Copy(reached.kind(), id, keeper.get(), pack)));
      }
    }
  }

  private boolean mayKeep(ChunkLocation place) {
    int pack = packs.find(place.pack());
    return pack >= 0
        && packs.isGood(pack, place.block())
        && rules.mayKeep(state, place.pack(), candidates.get(pack));
  }

  private boolean isGoodIn(int pack, List<ChunkLocation> places) {
    return places.stream()
        .anyMatch(place -> packs.find(place.pack()) == pack && packs.isGood(pack, place.block()));
  }

  /** Somebody who began before it was retired has committed since; the next prune resumes it. */
  private synchronized void neededAgain(int pack) {
    staying.set(pack);
  }

  private synchronized void stay(int pack, String why) {
    if (!staying.get(pack)) {
      staying.set(pack);
      unreadable.note(packs.name(pack) + " is not needed, but stays: " + why);
    }
  }

  /** What the footers of all candidates say. */
  private RowSet footers() throws IOException {
    SortedRows listed = scratch.rows(LISTED_BYTES, MEMORY_BYTES);
    try (Inspectors inspectors = new Inspectors(vault);
        Work work = new Work(vault.threads(), cancellation)) {
      for (int pack = candidates.nextSetBit(0); pack >= 0; pack = candidates.nextSetBit(pack + 1)) {
        int candidate = pack;
        work.submit(() -> footer(inspectors, candidate, listed));
      }
      work.await();
    }
    return listed.finish();
  }

  private void footer(Inspectors inspectors, int pack, SortedRows listed) throws IOException {
    reporter.done(1, 0, Optional.empty());
    try {
      inspectors.footer(
          packs.status(pack),
          (kind, id) -> {
            byte[] row = new byte[LISTED_BYTES];
            id.write(row, 0);
            ByteBuffer.wrap(row).putInt(ChunkId.BYTES, pack);
            listed.add(row);
          });
    } catch (NoSuchFileException e) {
      // There is no such pack: then it holds nothing.
    } catch (AbsentKeyException e) {
      stay(pack, "this key does not open it");
    } catch (FormatException | EOFException e) {
      stay(pack, "what it holds cannot be read: " + e.getMessage());
    }
  }

  private void open(RowSet copies) throws IOException {
    try (RowCursor cursor = copies.cursor();
        Openers openers = new Openers(vault);
        Work work = new Work(vault.threads(), cancellation)) {
      List<Copy> block = new ArrayList<>();
      while (cursor.next()) {
        Copy copy = copy(cursor.row());
        if (!block.isEmpty()
            && (!sameBlock(block.get(0).place(), copy.place())
                || block.size() == MOST_COPIES_AT_ONCE)) {
          List<Copy> full = block;
          block = new ArrayList<>();
          work.submit(() -> open(openers, full));
        }
        block.add(copy);
      }
      if (!block.isEmpty()) {
        open(openers, block);
      }
      work.await();
    }
  }

  private static boolean sameBlock(ChunkLocation a, ChunkLocation b) {
    return a.pack().equals(b.pack())
        && a.block() == b.block()
        && a.blockOffset() == b.blockOffset()
        && a.blockBytes() == b.blockBytes();
  }

  /** The blocks that could not be opened where a copy was looked for, by pack. */
  synchronized List<PackBlocks> suspects() {
    List<PackBlocks> all = new ArrayList<>();
    suspects.forEach((pack, blocks) -> all.add(new PackBlocks(pack, List.copyOf(blocks))));
    return all;
  }

  private synchronized void suspect(ChunkLocation place) {
    suspects.computeIfAbsent(place.pack(), pack -> new TreeSet<>()).add(place.block());
  }

  private void open(Openers openers, List<Copy> block) throws IOException {
    try (Openers.Lent opener = openers.take()) {
      Optional<String> failure = opened(opener.opener(), block.get(0).place());
      List<Copy> failed = new ArrayList<>();
      for (Copy copy : block) {
        if (failure.isEmpty() && verified(opener.opener(), copy, copy.place()).isEmpty()) {
          keep(copy.held(), copy.place().pack());
        } else {
          failed.add(copy);
        }
      }
      for (Copy copy : failed) {
        openAnother(opener.opener(), copy);
      }
    }
  }

  /** Tries all copies of a chunk, one after the other. */
  private void openAnother(BlockOpener opener, Copy copy) throws IOException {
    String why = "";
    for (ChunkLocation place : places(copy.id())) {
      if (mayKeep(place) && isLive(place, copy.id())) {
        Optional<String> wrong = opened(opener, place);
        if (wrong.isEmpty()) {
          wrong = verified(opener, copy, place);
        }
        if (wrong.isEmpty()) {
          keep(copy.held(), place.pack());
          return;
        }
        why = place.pack() + ": " + wrong.get();
      }
    }
    stay(copy.held(), "no other copy of chunk " + copy.id() + " can be read: " + why);
  }

  private List<ChunkLocation> places(ChunkId id) throws IOException {
    try {
      return vault.index().findAll(id);
    } catch (FormatException e) {
      return List.of();
    }
  }

  /** Runs of a backup that goes on in this process say more than the live ones. */
  private boolean isLive(ChunkLocation place, ChunkId id) throws IOException {
    for (var run : vault.index().runs()) {
      if (state.run(run.name()).isLive() && run.anyCopy(id, place::equals)) {
        return true;
      }
    }
    return false;
  }

  private synchronized void keep(int held, PackName keeper) {
    keepers.computeIfAbsent(held, pack -> new TreeSet<>()).add(keeper);
  }

  /** Opens a block; why it cannot be opened, if so. */
  private Optional<String> opened(BlockOpener opener, ChunkLocation place) throws IOException {
    if (place.blockBytes() > BlockOpener.MAX_SEALED_BYTES) {
      return Optional.of("no block is so long");
    }
    byte[] sealed = new byte[place.blockBytes()];
    try {
      PackKeys.PackKey key = vault.packKeys().of(place.pack());
      vault.store().read(place.pack().key(), place.blockOffset(), ByteBuffer.wrap(sealed));
      reporter.done(0, sealed.length, Optional.empty());
      opener.open(key, place.block(), ByteBuffer.wrap(sealed));
      return Optional.empty();
    } catch (AbsentKeyException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (FormatException | EOFException | NoSuchFileException e) {
      suspect(place);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> verified(BlockOpener opener, Copy copy, ChunkLocation place)
      throws IOException {
    try {
      opener.verify(copy.kind(), copy.id(), place.chunkOffset(), place.chunkBytes());
      return Optional.empty();
    } catch (FormatException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] copy(Copy copy) {
    ChunkLocation place = copy.place();
    Encoder out = new Encoder(COPY_BYTES);
    place.pack().write(out);
    out.u32(place.block()).u64(place.blockOffset()).u32(place.blockBytes());
    out.u32(place.chunkOffset()).u32(place.chunkBytes());
    return out.u8(copy.kind().code()).id(copy.id()).u32(copy.held()).toBytes();
  }

  private static Copy copy(byte[] row) throws FormatException {
    Decoder in = new Decoder(row);
    PackName pack = PackName.read(in);
    ChunkLocation place =
        new ChunkLocation(
            pack, (int) in.u32(), in.u64(), (int) in.u32(), (int) in.u32(), (int) in.u32());
    return new Copy(ChunkKind.of(in.u8()), in.id(), place, (int) in.u32());
  }
}
