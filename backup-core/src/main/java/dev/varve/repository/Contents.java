package dev.varve.repository;

import dev.varve.ConfigurationException;
import dev.varve.Difference;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogDiff;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.EntryChange;
import dev.varve.internal.catalog.ProblemList;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.restore.Restore;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Shows what snapshots hold, without restoring them. Safe for use by many threads. */
final class Contents {

  private final Vault vault;
  private final Engine engine;
  private final String location;

  /**
   * The contents of a repository's snapshots.
   *
   * @param location where it is, for messages
   */
  Contents(Vault vault, Engine engine, String location) {
    this.vault = vault;
    this.engine = engine;
    this.location = location;
  }

  /** What the catalog of a snapshot is to show. */
  @FunctionalInterface
  interface CursorMaker {
    CatalogCursor of(CatalogReader catalog) throws IOException;
  }

  Stream<Entry> entries(Snapshot snapshot, CursorMaker maker) {
    String attempt = "Listing snapshot " + snapshot.id().brief() + " of " + location;
    CatalogCursor cursor =
        engine.run(attempt, (reporter, cancellation) -> maker.of(nearCatalog(snapshot)));
    return Cursors.stream(cursor::next, engine.mover(attempt)).map(CatalogEntry::entry);
  }

  Optional<Entry> find(Snapshot snapshot, EntryPath path) {
    return engine.run(
        "Looking for " + path + " in snapshot " + snapshot.id().brief() + " of " + location,
        (reporter, cancellation) -> nearCatalog(snapshot).find(path).map(CatalogEntry::entry));
  }

  InputStream content(Snapshot snapshot, EntryPath path) {
    String attempt =
        "Reading " + path + " of snapshot " + snapshot.id().brief() + " from " + location;
    InputStream content =
        engine.run(
            attempt,
            (reporter, cancellation) -> {
              try {
                return new Restore(vault).content(catalog(snapshot), path);
              } catch (NoSuchFileException absent) {
                if (path.toString().equals(absent.getFile())) {
                  throw noContent(attempt, absent);
                }
                throw absent;
              }
            });
    return new EngineInput(content, engine.mover(attempt));
  }

  private static ConfigurationException noContent(String attempt, NoSuchFileException absent) {
    return new ConfigurationException(
        attempt + " failed: it is " + absent.getReason() + "; look at the snapshot's entries",
        absent);
  }

  Stream<Difference> diff(Snapshot before, Snapshot after) {
    String attempt =
        "Comparing snapshots "
            + before.id().brief()
            + " and "
            + after.id().brief()
            + " of "
            + location;
    CatalogDiff differences =
        engine.run(
            attempt,
            (reporter, cancellation) -> new CatalogDiff(nearCatalog(before), nearCatalog(after)));
    return Cursors.stream(differences::next, engine.mover(attempt)).map(EntryChange::toDifference);
  }

  List<Problem> problems(Snapshot snapshot) {
    return engine.run(
        "Reading the problems of snapshot " + snapshot.id().brief() + " of " + location,
        (reporter, cancellation) -> ProblemList.read(vault.chunks(), record(snapshot).problems()));
  }

  /**
   * Where the entries of a snapshot are.
   *
   * @throws ConfigurationException if it is not in the repository any more
   */
  CatalogRoot catalog(Snapshot snapshot) throws IOException {
    return record(snapshot).catalog();
  }

  private CatalogReader nearCatalog(Snapshot snapshot) throws IOException {
    return vault.nearCatalog(catalog(snapshot));
  }

  private SnapshotRecord record(Snapshot snapshot) throws IOException {
    Optional<SnapshotRecord> known = vault.findRecord(snapshot.id());
    if (known.isEmpty()) {
      vault.refresh();
      known = vault.findRecord(snapshot.id());
    }
    return known.orElseThrow(
        () ->
            new ConfigurationException(
                "Snapshot " + snapshot.id() + " is not, or not any more, in " + location));
  }
}
