package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.source.EntryCursor;
import dev.varve.target.MissingContentException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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

  private record First(Entry entry, Notes.Links links, byte[] digest) {}

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
      Optional<MessageDigest> digest = links.map(names -> sha256());
      if (copy(packing, entry, content, count, digest)) {
        packing.end();
        links.ifPresent(
            names ->
                firsts.put(names.group(), new First(entry, names, digest.orElseThrow().digest())));
        context.restored(entry);
      } else {
        packing.endBroken(entry);
      }
    } catch (MissingContentException e) {
      context.warn(entry.path(), "Left out: " + e.getMessage());
    }
  }

  /** Whether the whole content could be read; what cannot be written fails. */
  private boolean copy(
      Packing packing, Entry entry, InputStream content, int first, Optional<MessageDigest> digest)
      throws IOException {
    long left = entry.size();
    int count = first;
    while (count > 0) {
      if (count > left) {
        throw new IOException(entry.path() + " is longer than its entry says; run a check");
      }
      packing.content(piece, 0, count);
      int copied = count;
      digest.ifPresent(sum -> sum.update(piece, 0, copied));
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
  private Optional<First> first(Entry entry) throws IOException {
    if (entry.hardLinkGroup().isEmpty()) {
      return Optional.empty();
    }
    First first = firsts.get(entry.hardLinkGroup().getAsLong());
    return first != null && entry.size() == first.entry().size() && isSame(first, entry)
        ? Optional.of(first)
        : Optional.empty();
  }

  /** What changed between two readings has another revision; without one it is compared. */
  private boolean isSame(First first, Entry entry) throws IOException {
    if (entry.revision().isPresent() && first.entry().revision().isPresent()) {
      return entry.revision().equals(first.entry().revision());
    }
    MessageDigest digest = sha256();
    try (InputStream content = contents.open(entry.path())) {
      for (int count = content.read(piece); count > 0; count = content.read(piece)) {
        checkGoingOn();
        digest.update(piece, 0, count);
      }
      return Arrays.equals(first.digest(), digest.digest());
    } catch (MissingContentException e) {
      return false;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
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
