package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** One reading of a {@link FilesSource}. Contents may be opened by any number of threads. */
final class FilesRun implements SourceRun {

  private final FilesSettings settings;
  private final List<Root> roots;
  private final SourceContext context;

  FilesRun(FilesSettings settings, List<Root> roots, SourceContext context) {
    this.settings = settings;
    this.roots = roots;
    this.context = context;
  }

  @Override
  public EntryCursor entries() {
    return new Walk(settings, roots, context);
  }

  @Override
  public Content open(Entry entry) throws IOException {
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
    if (before.kind() != EntryKind.FILE) {
      throw new FileSystemException(
          path.toString(), null, "is no longer a file but a " + before.kind());
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    return new FileContent(
        entry,
        path,
        before,
        settings.clock.instant().minus(EntryReader.SETTLING_TIME),
        file,
        context);
  }

  @Override
  public void close() {}
}
