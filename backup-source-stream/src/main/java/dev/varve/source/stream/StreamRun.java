package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** One reading of streams. Contents may be opened by as many threads as it was told. */
final class StreamRun implements SourceRun {

  private final List<EntryPath> paths;
  private final int parallel;
  private final Opening opening;
  private final Instant began = Instant.now();

  /** Opens what is behind an entry. */
  interface Opening {
    Content open(Entry entry) throws IOException;
  }

  StreamRun(Collection<EntryPath> paths, int parallel, Opening opening) {
    this.paths = List.copyOf(paths);
    this.parallel = parallel;
    this.opening = opening;
  }

  @Override
  public EntryCursor entries() {
    return EntryCursor.of(
        paths.stream()
            .map(path -> Entry.builder(path, EntryKind.FILE).modified(began).build())
            .toList());
  }

  @Override
  public Content open(Entry entry) throws IOException {
    return opening.open(entry);
  }

  @Override
  public int parallelReads() {
    return parallel;
  }

  /** Contents belong to whoever opened them. */
  @Override
  public void close() {}
}
