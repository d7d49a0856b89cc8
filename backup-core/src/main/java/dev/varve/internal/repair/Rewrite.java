package dev.varve.internal.repair;

import dev.varve.BackupReport;
import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.Problem;
import dev.varve.RewriteReport;
import dev.varve.SnapshotId;
import dev.varve.Statistics;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.catalog.ProblemList;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.forget.SoundCopies;
import dev.varve.internal.forget.Undeletion;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.Run;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reason;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Registration;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a snapshot out of another one: without what a filter excludes, and without what is lost,
 * which becomes problems of the new one, path by path. The old one stays. Used by one thread, once.
 */
public final class Rewrite {

  private final Vault vault;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final ChunkSource source;
  private final List<Problem> omitted = new ArrayList<>();
  private long omittedCount;
  private long excluded;

  /** A rewrite in {@code vault}. */
  public Rewrite(Vault vault, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.source = new ReadTwice(vault.chunks());
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /**
   * Rewrites a snapshot; does nothing if there is nothing to leave out.
   *
   * @throws ConfigurationException if there is no such snapshot, or packs wait to be relied on
   *     again
   */
  public RewriteReport run(SnapshotId id, PathFilter filter) throws IOException {
    vault.refresh();
    if (Suspension.of(vault.log(), vault.state(), Duration.ZERO, Instant.now()).packs() > 0) {
      throw new ConfigurationException(
          "Since a slot was given up or a rollback accepted, it is not known yet which packs are of"
              + " use; run repair when the reader delay is over, then rewrite");
    }
    requireIndex();
    LiveSnapshot original =
        vault
            .state()
            .findSnapshot(id)
            .orElseThrow(() -> new ConfigurationException("There is no snapshot " + id));
    Optional<Instant> time = vault.state().timeOf(original);
    SnapshotRecord before = original.record();
    reporter.phase(
        "rewriting",
        OptionalLong.of(before.catalog().entries()),
        OptionalLong.of(before.catalog().bytes()));
    SnapshotRecord after;
    try (WriteSession session = vault.write(true)) {
      ChunkSink sink = session.sink();
      CatalogRoot root = catalog(before, filter, sink);
      if (excluded + omittedCount == 0) {
        return report(id, id);
      }
      after = record(before, root, sink);
      session.drain();
      new Registration(vault).run(session.publish());
    }
    new Undeletion(vault, cancellation)
        .put(after, original.slot(), time, state -> requireLive(id, state));
    vault.log().checkpoint();
    return report(id, after.id());
  }

  /** Without a part of the index, nearly everything would seem to be lost. */
  private void requireIndex() {
    Set<RunName> open = vault.index().runs().stream().map(Run::name).collect(Collectors.toSet());
    for (RunStatus run : vault.state().liveRuns()) {
      if (!open.contains(run.name())) {
        throw new ConfigurationException(
            run.name() + " of the index cannot be used; run repair, then rewrite");
      }
    }
  }

  /** What is found lost of a snapshot that was forgotten meanwhile may just have been pruned. */
  private static void requireLive(SnapshotId id, LogState state) {
    if (state.findSnapshot(id).isEmpty()) {
      throw new ConflictException(
          "Snapshot " + id + " was forgotten while it was rewritten; nothing was changed");
    }
  }

  private RewriteReport report(SnapshotId original, SnapshotId replacement) throws IOException {
    return new RewriteReport(
        original, vault.snapshot(replacement), excluded, omitted, omittedCount);
  }

  private CatalogRoot catalog(SnapshotRecord before, PathFilter filter, ChunkSink sink)
      throws IOException {
    CatalogWriter writer = new CatalogWriter(sink, vault.pathCuts());
    PathJudge judge = new PathJudge(filter);
    SoundCopies copies = new SoundCopies(vault, vault.state());
    CatalogCursor entries = new CatalogReader(source, before.catalog()).cursor();
    while (true) {
      cancellation.check();
      Optional<CatalogEntry> next;
      try {
        next = entries.next();
      } catch (ChunkMissingException | FormatException e) {
        EntryPath from = entries.at();
        Optional<EntryPath> behind = entries.passDamage();
        omit(
            Optional.of(from),
            "The list of entries is lost from here "
                + behind.map(path -> "up to " + path).orElse("to its end"));
        continue;
      }
      if (next.isEmpty()) {
        return writer.finish();
      }
      CatalogEntry entry = next.get();
      if (!judge.admits(entry.entry())) {
        excluded++;
      } else {
        Optional<String> holes = holes(entry, copies);
        if (holes.isPresent()) {
          omit(Optional.of(entry.path()), holes.get());
        } else {
          writer.add(entry);
        }
      }
      reporter.done(1, 0, Optional.of(entry.path()));
    }
  }

  private void omit(Optional<EntryPath> path, String what) {
    omittedCount++;
    if (omitted.size() < BackupReport.MAX_PROBLEMS) {
      omitted.add(new Problem(path, what));
    }
    reporter.problem(new Problem(path, what));
  }

  /** What of an entry's content has no copy that a snapshot may rely on. */
  private Optional<String> holes(CatalogEntry entry, SoundCopies copies) throws IOException {
    Holes holes = new Holes(entry.entry().size());
    boolean lists = true;
    if (entry.content().depth() > 0) {
      for (ChunkRef list : entry.content().refs()) {
        lists &= copies.has(list);
      }
    }
    ContentCursor chunks = new ContentCursor(source, entry.content());
    boolean more = lists;
    while (more) {
      try {
        Optional<ChunkRef> next = chunks.next();
        more = next.isPresent();
        if (more && !copies.has(next.get())) {
          holes.add(chunks.position() - next.get().length(), next.get().length());
        }
      } catch (ChunkMissingException | FormatException e) {
        long from = chunks.position();
        OptionalLong lost = chunks.passDamage();
        more = lost.isPresent();
        holes.add(from, lost.orElse(Math.max(1, entry.entry().size() - from)));
      }
    }
    if (!lists) {
      holes.add(0, entry.entry().size());
    }
    return holes.describe();
  }

  private SnapshotRecord record(SnapshotRecord before, CatalogRoot root, ChunkSink sink)
      throws IOException {
    ProblemList problems = new ProblemList(sink);
    for (Problem known : known(before)) {
      problems.add(known);
    }
    for (Problem problem : omitted) {
      problems.add(problem);
    }
    TreeMap<String, String> tags = new TreeMap<>(before.tags());
    tags.put(RewriteReport.TAG, before.id().hex());
    return new SnapshotRecord(
        SnapshotId.random(),
        before.source(),
        before.claimedTime(),
        tags,
        withContent(before.statistics(), root.bytes()),
        before.problemCount() + omittedCount,
        Vault.SOFTWARE,
        root,
        problems.finish());
  }

  private List<Problem> known(SnapshotRecord before) throws IOException {
    try {
      return ProblemList.read(source, before.problems());
    } catch (ChunkMissingException | FormatException e) {
      return List.of(
          new Problem(
              Optional.empty(), "What the backup itself reported is lost: " + Reason.of(e)));
    }
  }

  /** What the backup read stays as it was; only the content is less. */
  private static Statistics withContent(Statistics statistics, long contentBytes) {
    return new Statistics(
        statistics.files(),
        statistics.directories(),
        statistics.others(),
        contentBytes,
        statistics.readBytes(),
        statistics.addedBytes(),
        statistics.storedBytes(),
        statistics.chunks(),
        statistics.addedChunks(),
        statistics.duration(),
        statistics.counts());
  }
}
