package dev.varve.source.files;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Shows the entries of a walk with their extended attributes: beside the walk, because asking for
 * them costs as much as everything else that is asked about a file. Used by one thread.
 */
final class Attributed implements EntryCursor {

  private final EntryCursor entries;
  private final SystemCalls calls;
  private final SourceContext context;

  Attributed(EntryCursor entries, SystemCalls calls, SourceContext context) {
    this.entries = entries;
    this.calls = calls;
    this.context = context;
  }

  @Override
  public Optional<Entry> next() throws IOException {
    Optional<Entry> next = entries.next();
    while (next.isPresent()) {
      Entry entry = next.get();
      try {
        Attributes extended = read(calls, entry.path(), context);
        return extended.isEmpty() ? next : Optional.of(with(entry, extended));
      } catch (NoSuchFileException vanished) {
        if (entry.kind() == EntryKind.DIRECTORY) {
          return next; // What it held may come next.
        }
        next = entries.next(); // It went while its directory was listed, just as if before.
      }
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }

  /**
   * What the caller may see of an entry's extended attributes; what cannot be read is reported.
   *
   * @throws NoSuchFileException if it vanished
   */
  static Attributes read(SystemCalls calls, EntryPath name, SourceContext context)
      throws NoSuchFileException {
    try {
      return ExtendedAttributes.read(calls, Spot.of(name));
    } catch (AccessDeniedException unreadable) {
      return Attributes.none(); // Reading the content is refused too, and reported then.
    } catch (NoSuchFileException vanished) {
      throw vanished;
    } catch (IOException failure) {
      context.warn(name, "its extended attributes are not kept: " + Failures.reason(failure));
      return Attributes.none();
    }
  }

  private static Entry with(Entry entry, Attributes extended) {
    Attributes all = extended;
    for (String name : entry.attributes().names()) {
      all = all.with(name, entry.attributes().find(name).orElseThrow());
    }
    return entry.toBuilder().attributes(all).build();
  }
}
