package dev.varve.internal.log;

import dev.varve.SourceIdentity;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A backup call that has registered something and not committed yet: it runs, or it died.
 * Immutable.
 *
 * @param call its name
 * @param sources what it backs up
 * @param slots the slots of its partials, ascending: the packs and runs it registered are those
 *     registered there
 * @param lastSign the time of the last of these slots, once known: its last sign of life
 */
public record RunningCall(
    CallId call, List<SourceIdentity> sources, List<Long> slots, Optional<Instant> lastSign) {

  public RunningCall {
    sources = List.copyOf(sources);
    slots = List.copyOf(slots);
  }

  /** The slot of its latest partial. */
  public long lastSlot() {
    return slots.get(slots.size() - 1);
  }

  RunningCall and(List<SourceIdentity> itsSources, long slot) {
    List<Long> more = new ArrayList<>(slots);
    more.add(slot);
    return new RunningCall(call, itsSources, more, Optional.empty());
  }

  RunningCall signed(Optional<Instant> time) {
    return new RunningCall(call, sources, slots, time);
  }

  /** Call, list of identities, list of varint slots, u8 1 and the time or u8 0. */
  void write(Encoder out) {
    call.write(out);
    Parts.list(out, sources, Parts::identity);
    Parts.list(out, slots, (slot, to) -> to.varint(slot));
    out.u8(lastSign.isPresent() ? 1 : 0);
    lastSign.ifPresent(time -> Parts.instant(out, time));
  }

  static RunningCall read(Decoder in) throws FormatException {
    CallId call = CallId.read(in);
    List<SourceIdentity> sources = Parts.list(in, 1, Parts::identity);
    List<Long> slots = Parts.list(in, 1, decoder -> decoder.varint(LogEntry.MAX_SLOT));
    if (slots.isEmpty()) {
      throw new FormatException("A running call has no slots");
    }
    return new RunningCall(
        call, sources, slots, in.u8() == 0 ? Optional.empty() : Optional.of(Parts.instant(in)));
  }
}
