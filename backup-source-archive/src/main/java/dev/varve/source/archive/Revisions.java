package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.Revision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Gives names of one file a revision in common, by which the engine sees that they have one
 * content. No other reading ever gives the same. Used by one thread at a time.
 */
final class Revisions {

  private static final int RANDOM_BYTES = 16;

  private final byte[] random = new byte[RANDOM_BYTES];

  Revisions() {
    new SecureRandom().nextBytes(random);
  }

  /** {@code entry} with a revision if it has several names, of which Varve noted the contents. */
  Entry marked(Entry entry, TarMember member) throws IOException {
    Optional<Note> note = member.note();
    Optional<Notes.Links> links = note.isEmpty() ? Optional.empty() : Notes.links(note.get());
    return links.isEmpty() || !entry.kind().hasContent()
        ? entry
        : entry.toBuilder().revision(of(links.get().content())).build();
  }

  Revision of(long content) {
    ByteBuffer bytes = ByteBuffer.allocate(RANDOM_BYTES + Long.BYTES);
    return Revision.of(bytes.put(random).putLong(content).array());
  }
}
