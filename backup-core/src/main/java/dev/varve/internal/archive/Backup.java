package dev.varve.internal.archive;

import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.Problem;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.internal.catalog.CatalogWriter;
import dev.varve.internal.catalog.PreviousEntries;
import dev.varve.internal.catalog.ProblemList;
import dev.varve.internal.chunkstore.ChunkMissingException;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.WriteSession;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.index.Scratch;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.SnapshotRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.task.Threads;
import dev.varve.internal.vault.Locks;
import dev.varve.internal.vault.Presence;
import dev.varve.internal.vault.Vault;
import dev.varve.source.Source;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backup call: reads sources one after the other and commits their snapshots in one record, all
 * or none. Used by one thread.
 *
 * <p>If a prune deleted what it relied on before it commits, the sources are read again, if all of
 * them can be; what was stored by then is found.
 */
public final class Backup {

  private static final String WORK = "backup";

  /** How often sources are read at most, if prunes delete again and again what was relied on. */
  private static final int MOST_ATTEMPTS = 3;

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  private final Vault vault;
  private final BackupOptions options;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private Statistics measured = Statistics.NONE;

  /** A call into {@code vault}. */
  public Backup(Vault vault, BackupOptions options, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.options = options;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Lets a source say whether it could be read, and gives what it warns of. */
  public static List<Problem> check(Source source, Reporter reporter, Cancellation cancellation)
      throws IOException {
    SourceProblems problems = new SourceProblems();
    RunContext context = new RunContext(reporter, cancellation, problems);
    SourceFailure.of(
        () -> {
          source.check(context);
          return source;
        });
    return problems.first();
  }

  /** Reads the sources and commits. */
  public BackupReport run(List<? extends Source> sources) throws IOException {
    List<SourceIdentity> identities = sources.stream().map(Source::identity).toList();
    return make(makings(sources), WORK, identities);
  }

  /**
   * Makes snapshots and commits them.
   *
   * @param work what others see that is done
   * @param alone the sources that nobody else is to work on at the same time
   */
  BackupReport make(List<? extends Making> makings, String work, List<SourceIdentity> alone)
      throws IOException {
    boolean rereadable = makings.stream().allMatch(making -> making.source().rereadable());
    Reporter.Mark mark = reporter.mark();
    try (Presence presence = enter(work, alone)) {
      for (int attempt = 1; ; attempt++) {
        try (Scratch scratch = new Scratch()) {
          return make(makings, presence, new Ground(vault.state()), scratch);
        } catch (LogConflictException overtaken) {
          if (!rereadable) {
            throw new ReadOnceException(overtaken);
          }
          if (attempt == MOST_ATTEMPTS) {
            throw overtaken;
          }
          LOG.warn("What the backup relied on was deleted; it reads again: {}", why(overtaken));
        }
        cancellation.check();
        reporter.backTo(mark);
        measured = Statistics.NONE;
        vault.refresh();
      }
    }
  }

  /** What stands against it, in short. */
  static String why(LogConflictException overtaken) {
    return overtaken.conflicts().stream()
        .limit(3)
        .map(Conflict::toString)
        .collect(Collectors.joining("; "));
  }

  private List<Making> makings(List<? extends Source> sources) {
    return sources.stream().map(source -> Making.backup(source, vault)).toList();
  }

  private BackupReport make(
      List<? extends Making> makings, Presence presence, Ground ground, Scratch scratch)
      throws IOException {
    DrawnChunks drawn = new DrawnChunks(scratch);
    try (WriteSession session = vault.write(options.compressed(), ground::isUsable, drawn)) {
      List<SourceIdentity> identities =
          makings.stream().map(making -> making.source().identity()).toList();
      BackupSession traces = new BackupSession(session, vault, ground, drawn, presence, identities);
      List<SnapshotRecord> records = new ArrayList<>();
      try {
        Cancellation.Registration stop =
            cancellation.onCancel(
                () -> session.abandon(new IOException("The backup was cancelled")));
        try {
          for (Making making : makings) {
            records.add(archive(making, session, traces, ground, scratch));
          }
        } finally {
          stop.close();
        }
        cancellation.check();
        traces.commit(records);
      } catch (SourceFailure | LogConflictException | CancellationException e) {
        leaveTraces(traces, e);
        throw e;
      }
      reporter.flush();
      return report(records);
    }
  }

  /** What was read and stored so far. */
  Statistics measured() {
    return measured;
  }

  /** Reads the sources and says what would be stored, storing nothing. */
  public BackupReport rehearse(List<? extends Source> sources) throws IOException {
    vault.refresh();
    Statistics sum = Statistics.NONE;
    Ground ground = new Ground(vault.state());
    try (Scratch scratch = new Scratch()) {
      for (Making making : makings(sources)) {
        Rehearsal rehearsal = new Rehearsal(vault);
        SourceRead read = new SourceRead(making, new Tallies(), ground, scratch);
        read.archive(rehearsal.sink(), rehearsal::sink, () -> {});
        sum =
            sum.plus(
                read.tallies.statistics(
                    Tallies.Marks.NONE, rehearsal.marks(), read.duration(), read.context.counts()));
      }
    }
    reporter.flush();
    return new BackupReport(List.of(), reporter.problems(), reporter.problemCount(), sum);
  }

  /** Tells others of this call, and meanwhile or then folds what they appended. */
  private Presence enter(String work, List<SourceIdentity> alone) throws IOException {
    CallId call = CallId.random();
    Locks locks = vault.locks();
    if (options.waiting()) {
      Presence presence = locks.await(work, alone, call);
      boolean folded = false;
      try {
        vault.refresh();
        folded = true;
        return presence;
      } finally {
        if (!folded) {
          presence.close();
        }
      }
    }
    Future<Presence> entering =
        vault.threads().submit(Lane.TRANSFER, () -> locks.enter(work, alone, call));
    boolean folded = false;
    try {
      vault.refresh();
      folded = true;
    } finally {
      if (!folded) {
        leave(entering);
      }
    }
    return Threads.joinIo(entering);
  }

  /** Whether it could enter or not, it is gone; something worse is being told already. */
  private static void leave(Future<Presence> entering) {
    try {
      Threads.joinIo(entering).close();
    } catch (IOException | RuntimeException neverEntered) {
      LOG.debug("Nobody had been told of this call: {}", neverEntered.toString());
    }
  }

  private SnapshotRecord archive(
      Making making, WriteSession session, BackupSession traces, Ground ground, Scratch scratch)
      throws IOException {
    Tallies.Marks before = Tallies.Marks.of(session.volume());
    SourceRead read = new SourceRead(making, new Tallies(), ground, scratch);
    read.previous.ifPresent(traces::takesOverFrom);
    ChunkSink catalogSink = session.sink();
    CatalogRoot root = read.archive(catalogSink, session::sink, traces::between);
    ProblemList problems = new ProblemList(catalogSink);
    making.addProblems(problems);
    for (Problem problem : read.problems.first()) {
      problems.add(problem);
    }
    ChunkList described = problems.finish();
    traces.settle();
    Statistics statistics =
        read.tallies.statistics(
            before, Tallies.Marks.of(session.volume()), read.duration(), read.context.counts());
    measured = measured.plus(statistics);
    return making.finished(
        new SnapshotRecord(
            making.id(),
            making.source().identity(),
            read.origin.map(SourceRun.Origin::time).orElse(read.began),
            read.tags(),
            statistics,
            read.problems.count(),
            Vault.SOFTWARE,
            root,
            described));
  }

  private void leaveTraces(BackupSession traces, Exception cause) {
    try {
      traces.salvage();
    } catch (IOException e) {
      LOG.info(
          "What the unfinished backup stored will be stored again by the next: {}", e.toString());
      cause.addSuppressed(e);
    }
  }

  private BackupReport report(List<SnapshotRecord> records) throws IOException {
    List<Snapshot> snapshots = new ArrayList<>();
    Statistics sum = Statistics.NONE;
    for (SnapshotRecord record : records) {
      snapshots.add(vault.snapshot(record.id()));
      sum = sum.plus(record.statistics());
    }
    return new BackupReport(snapshots, reporter.problems(), reporter.problemCount(), sum);
  }

  /** One source being read. */
  private final class SourceRead {
    private final Making making;
    private final Source source;
    private final Tallies tallies;
    private final Ground ground;
    private final Scratch scratch;
    private final Optional<LiveSnapshot> previous;
    private final Instant began = Instant.now();
    private final long beganNanos = vault.nanoTime();
    private final SourceProblems problems = new SourceProblems();
    private final RunContext context = new RunContext(reporter, cancellation, problems);
    private Optional<SourceRun.Origin> origin = Optional.empty();

    SourceRead(Making making, Tallies tallies, Ground ground, Scratch scratch) throws IOException {
      this.making = making;
      this.source = making.source();
      this.tallies = tallies;
      this.ground = ground;
      this.scratch = scratch;
      this.previous = making.previous();
    }

    CatalogRoot archive(
        ChunkSink catalogSink, SinkMaker contentSinks, SourceArchive.Progressing between)
        throws IOException {
      reporter.phase("reading", OptionalLong.empty(), OptionalLong.empty());
      Readers readers =
          new Readers(
              vault.threads(),
              () ->
                  new ContentCutter(
                      vault.chunker(),
                      vault.fineChunker(),
                      vault.longestChunkBytes(),
                      contentSinks.make()));
      SourceArchive archive =
          new SourceArchive(
              source,
              previousEntries(),
              takeOver(),
              readers,
              new CatalogWriter(catalogSink, vault.pathCuts()),
              context,
              reporter,
              cancellation,
              tallies,
              between);
      CatalogRoot root = archive.run();
      origin = archive.origin();
      return root;
    }

    private TakeOver takeOver() throws IOException {
      return options.rereading() || previous.isEmpty()
          ? TakeOver.never()
          : making.takeOver(SoundChunks.of(vault, ground, previous.get(), scratch));
    }

    private PreviousEntries previousEntries() throws IOException {
      CatalogRoot newest =
          previous.map(snapshot -> snapshot.record().catalog()).orElse(CatalogRoot.EMPTY);
      try {
        return new PreviousEntries(vault.nearCatalog(newest));
      } catch (ChunkMissingException | FormatException e) {
        LOG.warn("The previous snapshot is damaged; everything is read again: {}", e.toString());
        return new PreviousEntries(vault.nearCatalog(CatalogRoot.EMPTY));
      }
    }

    /** What the caller attached counts more than what the source brings along. */
    SortedMap<String, String> tags() {
      SortedMap<String, String> tags = new TreeMap<>();
      origin.ifPresent(before -> tags.putAll(before.tags()));
      tags.putAll(options.tags());
      return tags;
    }

    Duration duration() {
      return Duration.ofNanos(vault.nanoTime() - beganNanos);
    }
  }

  /** Makes a sink for one more thread. */
  @FunctionalInterface
  interface SinkMaker {
    ChunkSink make() throws IOException;
  }
}
