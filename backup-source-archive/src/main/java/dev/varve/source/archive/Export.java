package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.source.EntryCursor;
import dev.varve.target.MissingContentException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts the entries of a snapshot into an archive, in their order. Used by one thread. Remembers so
 * many files with several names as fit its bound; the content of others stands there once per name.
 */
final class Export {

  /** Below what the engine remembers, so that a reader finds what a link points to. */
  private static final int REMEMBERED_FILES = 8192;

  private static final int PIECE_BYTES = 1 << 20;

  private record First(Entry entry, Notes.Links links) {}

  private final SnapshotContents contents;
  private final TargetContext context;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final Map<String, Long> losses = new TreeMap<>();
  private long contentNumber;
  private final Map<Long, First> firsts =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, First> eldest) {
          return size() > REMEMBERED_FILES;
        }
      };

  Export(SnapshotContents contents, TargetContext context) {
    this.contents = contents;
    this.context = context;
  }

  void run(Packing packing) throws IOException {
    packing.describe(contents.snapshot());
    try (EntryCursor entries = contents.entries()) {
      for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
        checkGoingOn();
        add(packing, next.get());
      }
    }
    packing.finish();
    losses.forEach(
        (loss, count) ->
            context.warn("The archive's format has no place for " + loss + ": " + count));
  }

  private void add(Packing packing, Entry entry) throws IOException {
    Optional<String> refusal = packing.refusal(entry);
    if (refusal.isPresent()) {
      context.warn(entry.path(), "Left out: " + refusal.get());
      return;
    }
    packing.loss(entry).ifPresent(loss -> losses.merge(loss, 1L, Long::sum));
    if (!entry.kind().hasContent()) {
      packing.begin(entry, Optional.empty());
      packing.end();
      context.restored(entry);
    } else if (context.dryRun()) {
      context.restored(entry);
    } else {
      addFile(packing, entry);
    }
  }

  private void addFile(Packing packing, Entry entry) throws IOException {
    Optional<First> first = first(entry);
    if (first.isPresent() && packing.holdsLinks()) {
      packing.link(entry, first.get().entry().path(), first.get().links());
      context.restored(entry);
      return;
    }
    try (InputStream content = contents.open(entry.path())) {
      int count = content.readNBytes(piece, 0, piece.length);
      Optional<Notes.Links> links = links(entry);
      packing.begin(entry, links);
      if (copy(packing, entry, content, count)) {
        packing.end();
        links.ifPresent(names -> firsts.put(names.group(), new First(entry, names)));
        context.restored(entry);
      } else {
        packing.endBroken(entry);
      }
    } catch (MissingContentException e) {
      context.warn(entry.path(), "Left out: " + e.getMessage());
    }
  }

  /** Whether the whole content could be read; what cannot be written fails. */
  private boolean copy(Packing packing, Entry entry, InputStream content, int first)
      throws IOException {
    long left = entry.size();
    int count = first;
    while (count > 0) {
      if (count > left) {
        throw new IOException(entry.path() + " is longer than its entry says; run a check");
      }
      packing.content(piece, 0, count);
      context.progress(count, "exporting");
      left -= count;
      checkGoingOn();
      try {
        count = content.read(piece, 0, piece.length);
      } catch (MissingContentException e) {
        context.warn(entry.path(), "Not whole in the archive: " + e.getMessage());
        return false;
      }
    }
    if (left > 0) {
      throw new IOException(entry.path() + " is shorter than its entry says; run a check");
    }
    return true;
  }

  /** The other name under which the same content stands in the archive. */
  private Optional<First> first(Entry entry) {
    return entry.hardLinkGroup().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(firsts.get(entry.hardLinkGroup().getAsLong()))
            .filter(first -> isSame(first.entry(), entry));
  }

  /** Names of one file; one that was read later, after a change, has another revision. */
  private static boolean isSame(Entry one, Entry other) {
    return one.revision().isPresent()
        && one.revision().equals(other.revision())
        && one.size() == other.size();
  }

  private Optional<Notes.Links> links(Entry entry) {
    return entry.hardLinkGroup().isEmpty()
        ? Optional.empty()
        : Optional.of(new Notes.Links(entry.hardLinkGroup().getAsLong(), contentNumber++));
  }

  private void checkGoingOn() throws IOException {
    if (context.cancelled()) {
      throw new IOException("The export was cancelled");
    }
  }
}
