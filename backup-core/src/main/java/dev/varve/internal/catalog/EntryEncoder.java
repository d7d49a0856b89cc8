package dev.varve.internal.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.Posix;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Encoder;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes entries into a chunk, one after the other. Used by one thread. Does not check their order:
 * {@link CatalogWriter} does.
 *
 * <p>A chunk of entries is the byte 0, then at least one entry, up to the chunk's end. An entry is,
 * in this order, what is in brackets only if the flag is set:
 *
 * <pre>
 *   path        as {@link PathEncoder} says
 *   u8          kind, see EntryKind
 *   varint      flags, {@link EntryFlags}; others than these are refused
 *   [SIZE]      varint, the size; without the flag it is the sum of the lengths of the content's
 *               references if its depth is 0, else 0
 *   [MODIFIED]  time: signed varint, seconds since 1970, as far as java.time.Instant reaches;
 *               varint, nanoseconds from 0 to 999 999 999
 *   [REVISION]  varint length from 1 to 64, bytes
 *   if the kind is a symbolic link: varint length from 1 to 32 768, bytes of the target, no NUL
 *   [HARD_LINK] varint, the group, any 64 bits
 *   [POSIX]     varint, mode from 0 to 07777
 *   [OWNER]     varint uid, varint gid, each below 2^32; [USER] text; [GROUP] text: each varint
 *               length from 0 to 1 024 and UTF-8. Without OWNER all four are those of the last
 *               entry of this chunk with OWNER; OWNER, USER and GROUP are set only along with
 *               POSIX, USER and GROUP only along with OWNER.
 *   [CHANGED]   time; only along with POSIX
 *   [ATTRIBUTES] varint count from 1; each varint length and printable ASCII of the name, varint
 *               length and bytes of the value; names ascend; at most 65 536 bytes of names and
 *               values together
 *   [CONTENT]   varint depth from 0 to 8, varint count from 1 to 256, that many references: 32
 *               bytes of id, varint length; only for files
 * </pre>
 *
 * <p>PROBLEM says that the entry was recorded with a problem. Seconds are written in full and not
 * as differences: compressed, that is one percent smaller.
 */
final class EntryEncoder {

  /** The longest name of a user or group, in bytes. */
  static final int MAX_OWNER_BYTES = 1024;

  private final Encoder out = new Encoder(64 << 10);
  private final PathEncoder paths = new PathEncoder();
  private Optional<Posix> lastOwner = Optional.empty();

  EntryEncoder() {
    clear();
  }

  /**
   * Appends an entry, whose path has the bytes {@code path}.
   *
   * @throws IllegalArgumentException if the name of its user or group cannot be kept
   */
  void add(CatalogEntry stored, byte[] path) {
    Entry entry = stored.entry();
    int flags = flags(stored);
    paths.write(out, path);
    out.u8(entry.kind().code()).varint(flags);
    if ((flags & EntryFlags.SIZE) != 0) {
      out.varint(entry.size());
    }
    if (entry.modified().isPresent()) {
      time(entry.modified().get());
    }
    if (entry.revision().isPresent()) {
      out.bytes(entry.revision().get().bytes());
    }
    if (entry.linkTarget().isPresent()) {
      out.bytes(entry.linkTarget().get().bytes());
    }
    if (entry.hardLinkGroup().isPresent()) {
      out.varint(entry.hardLinkGroup().getAsLong());
    }
    if (entry.posix().isPresent()) {
      posix(entry.posix().get(), flags);
    }
    if (!entry.attributes().isEmpty()) {
      attributes(entry.attributes());
    }
    if (!stored.content().refs().isEmpty()) {
      stored.content().write(out);
    }
  }

  private int flags(CatalogEntry stored) {
    Entry entry = stored.entry();
    int flags = flag(entry.modified().isPresent(), EntryFlags.MODIFIED);
    flags |= flag(entry.revision().isPresent(), EntryFlags.REVISION);
    flags |= flag(!stored.content().refs().isEmpty(), EntryFlags.CONTENT);
    flags |= flag(entry.size() != impliedSize(stored.content()), EntryFlags.SIZE);
    flags |= flag(entry.hardLinkGroup().isPresent(), EntryFlags.HARD_LINK);
    flags |= flag(!entry.attributes().isEmpty(), EntryFlags.ATTRIBUTES);
    flags |= flag(stored.problem(), EntryFlags.PROBLEM);
    if (entry.posix().isEmpty()) {
      return flags;
    }
    Posix posix = entry.posix().get();
    flags |= EntryFlags.POSIX | flag(posix.changed().isPresent(), EntryFlags.CHANGED);
    if (lastOwner.isPresent() && sameOwner(lastOwner.get(), posix)) {
      return flags;
    }
    return flags
        | EntryFlags.OWNER
        | flag(isKeepable(posix.user(), entry), EntryFlags.USER)
        | flag(isKeepable(posix.group(), entry), EntryFlags.GROUP);
  }

  private static int flag(boolean set, int flag) {
    return set ? flag : 0;
  }

  /** The size an entry with this content has unless it says otherwise. */
  static long impliedSize(ChunkList content) {
    long sum = 0;
    if (content.depth() == 0) {
      for (ChunkRef ref : content.refs()) {
        sum += ref.length();
      }
    }
    return sum;
  }

  private static boolean sameOwner(Posix one, Posix other) {
    return one.uid() == other.uid()
        && one.gid() == other.gid()
        && one.user().equals(other.user())
        && one.group().equals(other.group());
  }

  private static boolean isKeepable(Optional<String> name, Entry entry) {
    if (name.isPresent()
        && (name.get().length() > MAX_OWNER_BYTES
            || !UTF_8.newEncoder().canEncode(name.get())
            || name.get().getBytes(UTF_8).length > MAX_OWNER_BYTES)) {
      throw new IllegalArgumentException(
          "The name of the user or group of "
              + entry
              + " is not Unicode text of at most "
              + MAX_OWNER_BYTES
              + " bytes");
    }
    return name.isPresent();
  }

  private void time(Instant time) {
    out.signed(time.getEpochSecond()).varint(time.getNano());
  }

  private void posix(Posix posix, int flags) {
    out.varint(posix.mode());
    if ((flags & EntryFlags.OWNER) != 0) {
      out.varint(posix.uid()).varint(posix.gid());
      posix.user().ifPresent(out::text);
      posix.group().ifPresent(out::text);
      lastOwner = Optional.of(posix);
    }
    if (posix.changed().isPresent()) {
      time(posix.changed().get());
    }
  }

  private void attributes(Attributes attributes) {
    out.varint(attributes.names().size());
    for (String name : attributes.names()) {
      out.text(name).bytes(attributes.find(name).orElseThrow());
    }
  }

  /** Whether no entry was added since the start or {@link #clear()}. */
  boolean isEmpty() {
    return out.length() == 1;
  }

  /** The length of the chunk so far, in bytes. */
  int length() {
    return out.length();
  }

  /** The array that holds the chunk up to {@link #length()}, valid until the next call. */
  byte[] array() {
    return out.array();
  }

  /** Starts a new chunk. */
  void clear() {
    out.clear().u8(Chunks.ENTRIES);
    paths.clear();
    lastOwner = Optional.empty();
  }
}
