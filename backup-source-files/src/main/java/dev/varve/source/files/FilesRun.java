package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One reading of a {@link FilesSource}. Contents may be opened by any number of threads. */
final class FilesRun implements SourceRun {

  private final FilesSettings settings;
  private final List<Root> roots;
  private final SourceContext context;
  private final Optional<SystemCalls> calls;

  FilesRun(FilesSettings settings, List<Root> roots, SourceContext context) {
    this.settings = settings;
    this.roots = roots;
    this.context = context;
    this.calls = settings.calls().filter(SystemCalls::canRead);
  }

  @Override
  public EntryCursor entries() {
    Walk walk = new Walk(settings, roots, context);
    Optional<SystemCalls> attributes = EntryReader.attributesLater(settings);
    return attributes.isPresent()
        ? new Attributed(new Beside(walk), attributes.get(), context)
        : walk;
  }

  @Override
  public Content open(Entry entry) throws IOException {
    if (calls.isPresent() && !settings.readsSpecial) {
      Optional<NativeFile> file = NativeFile.open(calls.get(), Spot.of(entry.path()));
      if (file.isPresent()) {
        return content(entry, file.get());
      }
    }
    Path path = RawNames.path(entry.path().bytes());
    Stat before = Stat.of(path);
    if (settings.readsSpecial) {
      boolean isRoot = roots.stream().anyMatch(root -> root.path().equals(path));
      Optional<Path> special = Special.find(path, before, isRoot);
      if (special.isPresent()) {
        return new SpecialContent(entry, special.get());
      }
    }
    // Opening a pipe would wait for a writer for ever, so look first.
    requireFile(entry, before);
    return content(entry, ChannelFile.open(path, before));
  }

  private Content content(Entry entry, OpenedFile file) throws IOException {
    boolean isFile = false;
    try {
      requireFile(entry, file.before());
      isFile = true;
    } finally {
      if (!isFile) {
        file.close();
      }
    }
    Instant settled = settings.clock.instant().minus(EntryReader.SETTLING_TIME);
    return new FileContent(entry, settled, file, context);
  }

  private static void requireFile(Entry entry, Stat found) throws IOException {
    if (found.kind() != EntryKind.FILE) {
      throw new FileSystemException(
          "/" + entry.path(), null, "is no longer a file but a " + found.kind());
    }
  }

  @Override
  public void close() {}
}
