package dev.varve.internal.log;

import dev.varve.SourceIdentity;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a lock says: who is doing what, where, since when. Immutable. Advisory: nothing rests on it.
 *
 * <p>Written as run (16 bytes), u8 1 at work or 2 over, work as text, list of identities, host as
 * text, varint process, process' start, place as text, u8 1 and since or u8 0, software as text.
 *
 * @param run the run's name; that of a backup is the name of its call
 * @param over whether it is over: said by who may not delete
 * @param work what is done, e.g. {@code backup}; at most 64 bytes
 * @param sources on which sources, if on any
 * @param host the machine's name; at most 256 bytes
 * @param process the number of its process there
 * @param processStart when that began, by the machine's clock
 * @param place what tells processes with the same numbers apart; empty if that is not known; at
 *     most 256 bytes
 * @param since when the run's first lock was stored, by the store's clock; absent in that lock
 * @param software what is running, at most 128 bytes
 */
public record LockNote(
    CallId run,
    boolean over,
    String work,
    List<SourceIdentity> sources,
    String host,
    long process,
    Instant processStart,
    String place,
    Optional<Instant> since,
    String software) {

  /** The most bytes it takes. */
  public static final int MAX_BYTES = 1 << 16;

  private static final int MAX_WORK_BYTES = 64;
  private static final int MAX_PLACE_BYTES = 256;
  private static final int AT_WORK = 1;
  private static final int OVER = 2;

  public LockNote {
    sources = List.copyOf(sources);
    processStart = Parts.millis(processStart);
    since = since.map(Parts::millis);
  }

  /** The same, begun at a time that is known now. */
  public LockNote begun(Instant time) {
    return new LockNote(
        run,
        over,
        work,
        sources,
        host,
        process,
        processStart,
        place,
        Optional.of(since.orElse(time)),
        software);
  }

  /** The same, saying that it is over. */
  public LockNote ended() {
    return new LockNote(
        run, true, work, sources, host, process, processStart, place, since, software);
  }

  /** Writes it as described above. */
  public void write(Encoder out) {
    run.write(out);
    out.u8(over ? OVER : AT_WORK).text(work);
    Parts.list(out, sources, Parts::identity);
    out.text(host).varint(process);
    Parts.instant(out, processStart);
    out.text(place).u8(since.isPresent() ? 1 : 0);
    since.ifPresent(time -> Parts.instant(out, time));
    out.text(software);
  }

  /** Reads what {@link #write} wrote. */
  public static LockNote read(Decoder in) throws FormatException {
    CallId run = CallId.read(in);
    int state = in.u8();
    if (state != AT_WORK && state != OVER) {
      throw new FormatException("No state of a run has the code " + state);
    }
    return new LockNote(
        run,
        state == OVER,
        line(in, MAX_WORK_BYTES),
        Parts.list(in, 1, Parts::identity),
        line(in, MAX_PLACE_BYTES),
        in.varint(Long.MAX_VALUE),
        Parts.instant(in),
        line(in, MAX_PLACE_BYTES),
        in.u8() == 0 ? Optional.empty() : Optional.of(Parts.instant(in)),
        line(in, Parts.MAX_SOFTWARE_BYTES));
  }

  /** Text that is shown to people. */
  private static String line(Decoder in, int mostBytes) throws FormatException {
    String text = in.text(mostBytes);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new FormatException("A lock holds control characters");
    }
    return text;
  }
}
