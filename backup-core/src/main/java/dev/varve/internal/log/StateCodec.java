package dev.varve.internal.log;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Turns a state into pieces of about {@value #PIECE_BYTES} bytes and back, so that no checkpoint
 * needs more memory than the state. Used by one thread.
 *
 * <p>A piece is u8 section, varint count, members, nothing after them. Sections: 0 head, one
 * member, the first piece: varint slot, its hash (32 bytes), varint its stored bytes, signed
 * milliseconds of the slot before (least long: none), settings, list of varint slots given up, list
 * of varint slots that gave up, u8 1 and a text or u8 0: what is not known. 1 packs and 2 runs:
 * four u64 each as {@link PackStatus} and {@link RunStatus} pack them. 3 damaged blocks. 4 calls. 5
 * snapshots.
 */
final class StateCodec {

  static final int PIECE_BYTES = 1 << 20;

  /** The longest piece: one member may overshoot. */
  static final int MAX_PIECE_BYTES = PIECE_BYTES + LogRecord.MAX_BYTES * 16;

  private static final int HEAD = 0;
  private static final int PACKS = 1;
  private static final int RUNS = 2;
  private static final int DAMAGE = 3;
  private static final int CALLS = 4;
  private static final int SNAPSHOTS = 5;

  private StateCodec() {}

  /** Hands the state's pieces to {@code pieces}, one after the other. */
  static void write(LogState state, Consumer<byte[]> pieces) {
    Section head = new Section(HEAD, pieces);
    head.add(out -> writeHead(state, out));
    head.end();
    writeTable(state.packs, new Section(PACKS, pieces));
    writeTable(state.runs, new Section(RUNS, pieces));
    writeAll(state.damage.values(), PackBlocks::write, new Section(DAMAGE, pieces));
    writeAll(state.calls.values(), RunningCall::write, new Section(CALLS, pieces));
    writeAll(state.snapshots, LiveSnapshot::write, new Section(SNAPSHOTS, pieces));
  }

  private static void writeHead(LogState state, Encoder out) {
    out.varint(state.slot);
    state.hash.write(out);
    out.varint(state.storedBytes).signed(state.previousMillis);
    state.settings().write(out);
    Parts.list(out, state.voided, (slot, to) -> to.varint(slot));
    Parts.list(out, state.voids, (slot, to) -> to.varint(slot));
    out.u8(state.unknown.isPresent() ? 1 : 0);
    state.unknown.ifPresent(out::text);
  }

  private static void writeTable(NameTable table, Section section) {
    table.forEach(
        (high, low, first, second) ->
            section.add(out -> out.u64(high).u64(low).u64(first).u64(second)));
    section.end();
  }

  private static <T> void writeAll(
      Collection<T> members, BiConsumer<T, Encoder> write, Section section) {
    members.forEach(member -> section.add(out -> write.accept(member, out)));
    section.end();
  }

  /** Collects members into pieces. */
  private static final class Section {
    private final int number;
    private final Consumer<byte[]> pieces;
    private final Encoder members = new Encoder(1 << 10);
    private int count;

    Section(int number, Consumer<byte[]> pieces) {
      this.number = number;
      this.pieces = pieces;
    }

    void add(Consumer<Encoder> write) {
      write.accept(members);
      count++;
      if (members.length() >= PIECE_BYTES) {
        end();
      }
    }

    void end() {
      if (count > 0) {
        Encoder piece = new Encoder(members.length() + 8).u8(number).varint(count);
        pieces.accept(piece.raw(members.array(), 0, members.length()).toBytes());
        members.clear();
        count = 0;
      }
    }
  }

  /** Takes pieces in the order they were written in. Used by one thread. */
  static final class Reader {
    private Optional<LogState> head = Optional.empty();
    private final NameTable.Editor packs = NameTable.EMPTY.edit();
    private final NameTable.Editor runs = NameTable.EMPTY.edit();
    private final TreeMap<PackName, PackBlocks> damage = new TreeMap<>();
    private final Map<CallId, RunningCall> calls = new LinkedHashMap<>();
    private final List<LiveSnapshot> snapshots = new ArrayList<>();

    void piece(byte[] piece) throws FormatException {
      Decoder in = new Decoder(piece);
      int section = in.u8();
      if ((section == HEAD) == head.isPresent()) {
        throw new FormatException("A checkpoint's pieces are out of order");
      }
      int count = in.count(MAX_PIECE_BYTES, 1);
      for (int i = 0; i < count; i++) {
        member(section, in);
      }
      in.end();
    }

    LogState state() throws FormatException {
      LogState first = head.orElseThrow(() -> new FormatException("A checkpoint is empty"));
      return new LogState(
          first.settings,
          first.slot,
          first.hash,
          first.storedBytes,
          first.previousMillis,
          Optional.empty(),
          packs.table(),
          runs.table(),
          Collections.unmodifiableMap(damage),
          Collections.unmodifiableList(snapshots),
          Collections.unmodifiableMap(calls),
          first.voided,
          first.voids,
          first.unknown);
    }

    private void member(int section, Decoder in) throws FormatException {
      switch (section) {
        case HEAD -> head = Optional.of(readHead(in));
        case PACKS -> packs.put(in.u64(), in.u64(), in.u64(), in.u64());
        case RUNS -> runs.put(in.u64(), in.u64(), in.u64(), in.u64());
        case DAMAGE -> {
          PackBlocks blocks = PackBlocks.read(in);
          damage.put(blocks.pack(), blocks);
        }
        case CALLS -> {
          RunningCall call = RunningCall.read(in);
          calls.put(call.call(), call);
        }
        case SNAPSHOTS -> snapshots.add(LiveSnapshot.read(in));
        default -> throw new FormatException("A checkpoint has no section " + section);
      }
    }

    private static LogState readHead(Decoder in) throws FormatException {
      long slot = in.varint(LogEntry.MAX_SLOT);
      SlotHash hash = SlotHash.read(in);
      int storedBytes = (int) in.varint(Integer.MAX_VALUE);
      long previousMillis = in.signed();
      Settings settings = Settings.read(in);
      SortedSet<Long> voided = slots(in);
      SortedSet<Long> voids = slots(in);
      Optional<String> unknown = in.u8() == 0 ? Optional.empty() : Optional.of(in.text(Parts.MOST));
      return new LogState(
          Optional.of(settings),
          slot,
          hash,
          storedBytes,
          previousMillis,
          Optional.<Instant>empty(),
          NameTable.EMPTY,
          NameTable.EMPTY,
          Map.of(),
          List.of(),
          Map.of(),
          voided,
          voids,
          unknown);
    }

    private static SortedSet<Long> slots(Decoder in) throws FormatException {
      return Collections.unmodifiableSortedSet(
          new TreeSet<>(Parts.list(in, 1, each -> each.varint(LogEntry.MAX_SLOT))));
    }
  }
}
