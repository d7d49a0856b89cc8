package dev.varve.internal.log;

import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RepositoryId;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Stores and finds folded states: caches, deletable at any time, never needed. Safe for use by many
 * threads.
 *
 * <p>The item {@code checkpoints/<slot as 16 hexadecimal digits>-<32 random ones>}: header (6
 * bytes, letter P); u32 count of pieces; u32 length of each sealed piece; the sealed pieces. Piece
 * i of n, as {@link StateCodec} writes it, is sealed by {@link SmallSeal} under the log's key and
 * {@link Binding} of the item's key at position n · 2^32 + i.
 */
final class Checkpoints {

  static final String PREFIX = "checkpoints/";

  /** After how many slots a new checkpoint is worth while. */
  static final int LEAST_SLOTS = 64;

  private static final int MAX_PIECES = 4096;
  private static final int START_BYTES = ItemKind.HEADER_BYTES + 4;

  /** Fetched at once; most checkpoints have no more. */
  private static final int BEGINNING_BYTES = 256 * 1024;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Store store;
  private final RepositoryId repository;
  private final SmallSeal seal;
  private final Consumer<String> notes;

  Checkpoints(Store store, RepositoryId repository, SmallSeal seal, Consumer<String> notes) {
    this.store = store;
    this.repository = repository;
    this.seal = seal;
    this.notes = notes;
  }

  /** A large state is worth more slots: what is written follows what was appended. */
  static long dueAfterSlots(LogState state) {
    long rows = (long) state.packs.size() + state.runs.size() + 10L * state.snapshots().size();
    return Math.max(LEAST_SLOTS, rows / 2048);
  }

  /**
   * Stores a state that was folded from slot 0, or from what was.
   *
   * @return when, by the store's clock; empty if it is too large
   */
  Optional<Instant> write(LogState state) throws IOException {
    HexFormat hex = HexFormat.of();
    String key =
        PREFIX
            + hex.toHexDigits(state.slot())
            + "-"
            + hex.toHexDigits(RANDOM.nextLong())
            + hex.toHexDigits(RANDOM.nextLong());
    int[] count = {0};
    StateCodec.write(state, piece -> count[0]++);
    if (count[0] > MAX_PIECES) {
      notes.accept("The log's state is too large for a checkpoint: " + count[0] + " pieces");
      return Optional.empty();
    }
    List<ByteBuffer> sealed = new ArrayList<>();
    StateCodec.write(
        state,
        piece ->
            sealed.add(ByteBuffer.wrap(seal.seal(piece, binding(key, count[0], sealed.size())))));
    Encoder start = new Encoder(START_BYTES + 4 * sealed.size());
    ItemKind.CHECKPOINT.writeHeader(start);
    start.u32(sealed.size());
    sealed.forEach(piece -> start.u32(piece.remaining()));
    sealed.add(0, ByteBuffer.wrap(start.toBytes()));
    return Optional.of(store.create(key, Body.of(sealed)).time());
  }

  /** The newest state that authenticates and pleases; others are noted and passed over. */
  Optional<LogState> newest(Predicate<LogState> acceptable) throws IOException {
    List<Stored> all = all();
    Collections.reverse(all);
    for (Stored stored : all) {
      if (slotOf(stored.key()).isPresent()) {
        Optional<LogState> state = read(stored);
        if (state.filter(acceptable).isPresent()) {
          return state;
        }
      }
    }
    return Optional.empty();
  }

  /** All checkpoints, ascending by slot. */
  List<Stored> all() throws IOException {
    List<Stored> all = new ArrayList<>();
    String after = "";
    while (true) {
      Page page = store.list(PREFIX, after);
      all.addAll(page.items());
      if (page.last()) {
        return all;
      }
      after = all.get(all.size() - 1).key();
    }
  }

  private Optional<LogState> read(Stored stored) throws IOException {
    try {
      LogState state = decode(stored);
      long slot = slotOf(stored.key()).orElseThrow();
      if (state.slot() != slot || !state.settings().repository().equals(repository)) {
        throw new FormatException("It is not what its name says");
      }
      return Optional.of(state);
    } catch (FormatException | EOFException | NoSuchFileException e) {
      notes.accept("Checkpoint " + stored.key() + " is passed over: " + e.getMessage());
      return Optional.empty();
    }
  }

  private LogState decode(Stored stored) throws IOException {
    byte[] beginning = fetch(stored.key(), 0, Math.min(stored.size(), BEGINNING_BYTES));
    Decoder start = new Decoder(read(stored, beginning, 0, START_BYTES));
    ItemKind.CHECKPOINT.readHeader(start);
    long count = start.u32();
    if (count == 0 || count > MAX_PIECES) {
      throw new FormatException("A checkpoint cannot have " + count + " pieces");
    }
    Decoder lengths = new Decoder(read(stored, beginning, START_BYTES, 4 * count));
    long offset = START_BYTES + 4 * count;
    StateCodec.Reader reader = new StateCodec.Reader();
    for (int i = 0; i < count; i++) {
      long length = lengths.u32();
      if (length > StateCodec.MAX_PIECE_BYTES + SmallSeal.OVERHEAD_BYTES) {
        throw new FormatException("A piece of a checkpoint cannot have " + length + " bytes");
      }
      byte[] sealed = read(stored, beginning, offset, length);
      reader.piece(seal.open(sealed, binding(stored.key(), (int) count, i)));
      offset += length;
    }
    if (offset != stored.size()) {
      throw new FormatException("Something follows after its end");
    }
    return reader.state();
  }

  private byte[] read(Stored stored, byte[] beginning, long offset, long length)
      throws IOException {
    if (offset + length > stored.size()) {
      throw new FormatException("It ends too early");
    }
    return offset + length <= beginning.length
        ? Arrays.copyOfRange(beginning, (int) offset, (int) (offset + length))
        : fetch(stored.key(), offset, length);
  }

  private byte[] fetch(String key, long offset, long length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate((int) length);
    store.read(key, offset, into);
    return into.array();
  }

  /** The slot that a checkpoint with this key was made at. */
  static Optional<Long> slotOf(String key) {
    String name = key.substring(PREFIX.length());
    if (!name.matches("[0-9a-f]{16}-[0-9a-f]{32}")) {
      return Optional.empty();
    }
    return Optional.of(HexFormat.fromHexDigitsToLong(name, 0, 16)).filter(slot -> slot >= 0);
  }

  private byte[] binding(String key, int count, int number) {
    return Binding.of(repository, ItemKind.CHECKPOINT, key, (long) count << 32 | number);
  }
}
