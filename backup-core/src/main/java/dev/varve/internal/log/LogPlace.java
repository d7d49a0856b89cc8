package dev.varve.internal.log;

import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.store.Pause;
import dev.varve.internal.store.ReadCache;
import dev.varve.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * All that a log needs around it.
 *
 * @param store where it rests
 * @param copies of slots that were read before
 * @param repository whose log it is
 * @param seal under the log's key
 * @param executor lends threads for reading many slots at once; it may have none
 * @param remembered how far the log was seen before
 * @param software what appends, at most 128 bytes
 * @param clock for the times that appenders claim, which are used for nothing
 * @param pause tells how old a listing is
 * @param notes takes what is worth telling and stops nothing
 * @param rules what it goes by
 */
public record LogPlace(
    Store store,
    ReadCache copies,
    RepositoryId repository,
    SmallSeal seal,
    Executor executor,
    RememberedHead remembered,
    String software,
    InstantSource clock,
    Pause pause,
    Consumer<String> notes,
    LogRules rules) {

  /** The header of a record that is appended now. */
  RecordHeader header(RecordId id, SlotHash predecessor, Instant predecessorTime) {
    return new RecordHeader(id, predecessor, predecessorTime, clock.instant(), software, List.of());
  }

  /** The same place, looked at without any copy. */
  public LogPlace afresh() {
    return new LogPlace(
        store,
        ReadCache.none(),
        repository,
        seal,
        executor,
        remembered,
        software,
        clock,
        pause,
        notes,
        rules);
  }
}
