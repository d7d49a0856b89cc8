package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.Problem;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.PreviousEntries;
import dev.varve.internal.catalog.ProblemList;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Reason;
import dev.varve.internal.vault.Vault;
import dev.varve.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One snapshot being copied: all that is said of it stays as it is. Used by one thread.
 *
 * <p>A content is taken over if the snapshot that was copied before has the same chunks under this
 * name, and its copy an equal entry.
 */
final class Copying implements Making {

  private final Vault from;
  private final SnapshotRecord snapshot;
  private final Optional<Instant> time;
  private final Optional<SnapshotRecord> base;
  private final Optional<LiveSnapshot> copyOfBase;
  private final SnapshotSource source;

  Copying(
      Vault from,
      LiveSnapshot snapshot,
      Optional<LiveSnapshot> base,
      Optional<LiveSnapshot> copyOfBase,
      boolean leavingOut) {
    this.from = from;
    this.snapshot = snapshot.record();
    this.time = from.state().timeOf(snapshot);
    this.base = base.map(LiveSnapshot::record);
    this.copyOfBase = copyOfBase;
    this.source = new SnapshotSource(from, this.snapshot, leavingOut);
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public Optional<LiveSnapshot> previous() {
    return copyOfBase;
  }

  @Override
  public TakeOver takeOver(SoundChunks sound) throws IOException {
    if (base.isEmpty()) {
      return TakeOver.never();
    }
    PreviousEntries before;
    try {
      before = new PreviousEntries(from.catalog(base.get().catalog()));
    } catch (ChunkMissingException | FormatException e) {
      return TakeOver.never();
    }
    return (entry, copied) -> {
      if (copied.problem() || !sameAs(before, entry, copied) || !sound.all(copied.content())) {
        return Optional.empty();
      }
      source.pass(entry.path());
      return Optional.of(new CatalogEntry(entry, copied.content(), false));
    };
  }

  /** The entries are compared too, so that a tag put on the wrong snapshot does no harm. */
  private boolean sameAs(PreviousEntries before, Entry entry, CatalogEntry copied) {
    try {
      Optional<CatalogEntry> then = before.at(entry.path());
      CatalogEntry now = source.entry(entry.path());
      return then.isPresent()
          && then.get().content().equals(now.content())
          && then.get().entry().equals(copied.entry())
          && copied.entry().size() == entry.size()
          && copied.entry().kind() == entry.kind()
          && !now.problem();
    } catch (ChunkMissingException | FormatException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void addProblems(ProblemList problems) throws IOException {
    List<Problem> before;
    try {
      before = ProblemList.read(from.chunks(), snapshot.problems());
    } catch (ChunkMissingException | FormatException e) {
      before =
          List.of(
              new Problem(
                  Optional.empty(),
                  "The problems of the original cannot be read: " + Reason.of(e)));
    }
    for (Problem problem : before) {
      problems.add(problem);
    }
  }

  @Override
  public SnapshotRecord finished(SnapshotRecord made) {
    return new SnapshotRecord(
        made.id(),
        snapshot.source(),
        snapshot.claimedTime(),
        Originals.tags(snapshot, time),
        snapshot.statistics(),
        snapshot.problemCount() + made.problemCount(),
        snapshot.software(),
        made.catalog(),
        made.problems());
  }
}
