package dev.varve.internal.catalog;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the entries of one chunk as {@link EntryEncoder} wrote them. Used by one thread. Holds no
 * more than the entry it reads; whatever the bytes are, it gives entries whose paths ascend, or
 * fails with a {@link FormatException}.
 */
final class EntryDecoder {

  private static final long MAX_ID = 0xffff_ffffL;
  private static final int MAX_NANOS = 999_999_999;
  private static final EntryKind[] KINDS = EntryKind.values();

  private final Decoder in;
  private final PathDecoder paths = new PathDecoder();
  private Optional<Posix> lastOwner = Optional.empty();

  /** Reads what follows the chunk's first byte. */
  EntryDecoder(Decoder in) {
    this.in = in;
  }

  /** A chunk that has been read to its end. */
  static EntryDecoder ended() {
    return new EntryDecoder(new Decoder(new byte[0]));
  }

  /** The next entry, none at the chunk's end. */
  Optional<CatalogEntry> next() throws FormatException {
    if (in.remaining() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(read());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FormatException("A catalog holds an entry that cannot be one", e);
    }
  }

  private CatalogEntry read() throws FormatException {
    EntryPath path = paths.read(in);
    EntryKind kind = kind(in.u8());
    int flags = (int) in.varint(EntryFlags.ALL);
    requireSense(flags);
    Entry.Builder entry = Entry.builder(path, kind);
    long size = is(flags, EntryFlags.SIZE) ? in.varint(Long.MAX_VALUE) : -1;
    if (is(flags, EntryFlags.MODIFIED)) {
      entry.modified(time());
    }
    if (is(flags, EntryFlags.REVISION)) {
      entry.revision(Revision.of(in.bytes(Revision.MAX_BYTES)));
    }
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(EntryPath.ofBytes(in.bytes(EntryPath.MAX_BYTES)));
    }
    if (is(flags, EntryFlags.HARD_LINK)) {
      entry.hardLinkGroup(in.varint());
    }
    if (is(flags, EntryFlags.POSIX)) {
      entry.posix(posix(flags));
    }
    if (is(flags, EntryFlags.ATTRIBUTES)) {
      entry.attributes(attributes());
    }
    ChunkList content = is(flags, EntryFlags.CONTENT) ? content() : ChunkList.EMPTY;
    entry.size(size >= 0 ? size : EntryEncoder.impliedSize(content));
    return new CatalogEntry(entry.build(), content, is(flags, EntryFlags.PROBLEM));
  }

  private static boolean is(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static EntryKind kind(int code) throws FormatException {
    for (EntryKind kind : KINDS) {
      if (kind.code() == code) {
        return kind;
      }
    }
    throw new FormatException("No kind of entry has the code " + code);
  }

  private void requireSense(int flags) throws FormatException {
    boolean posix = is(flags, EntryFlags.POSIX);
    boolean owner = is(flags, EntryFlags.OWNER);
    if ((!posix && (flags & (EntryFlags.OWNER | EntryFlags.CHANGED)) != 0)
        || (!owner && (flags & (EntryFlags.USER | EntryFlags.GROUP)) != 0)
        || (posix && !owner && lastOwner.isEmpty())) {
      throw new FormatException("The flags of an entry contradict each other: " + flags);
    }
  }

  private Instant time() throws FormatException {
    return Instant.ofEpochSecond(in.signed(), in.varint(MAX_NANOS));
  }

  private Posix posix(int flags) throws FormatException {
    int mode = (int) in.varint(07777);
    Posix owner = is(flags, EntryFlags.OWNER) ? owner(flags) : lastOwner.orElseThrow();
    lastOwner = Optional.of(owner);
    Optional<Instant> changed = Optional.empty();
    if (is(flags, EntryFlags.CHANGED)) {
      changed = Optional.of(time());
    }
    return new Posix(mode, owner.uid(), owner.gid(), owner.user(), owner.group(), changed);
  }

  private Posix owner(int flags) throws FormatException {
    long uid = in.varint(MAX_ID);
    long gid = in.varint(MAX_ID);
    Optional<String> user = is(flags, EntryFlags.USER) ? name() : Optional.empty();
    Optional<String> group = is(flags, EntryFlags.GROUP) ? name() : Optional.empty();
    return new Posix(0, uid, gid, user, group, Optional.empty());
  }

  private Optional<String> name() throws FormatException {
    return Optional.of(in.text(EntryEncoder.MAX_OWNER_BYTES));
  }

  private Attributes attributes() throws FormatException {
    int count = in.count(Attributes.MAX_BYTES, 2);
    int left = Attributes.MAX_BYTES;
    Map<String, byte[]> values = new TreeMap<>();
    String last = "";
    for (int i = 0; i < count; i++) {
      String name = in.text(left);
      left -= name.length();
      if (name.compareTo(last) <= 0 || left < 0) {
        throw new FormatException("The names of an entry's attributes do not ascend");
      }
      byte[] value = in.bytes(left);
      left -= value.length;
      values.put(name, value);
      last = name;
    }
    if (count == 0) {
      throw new FormatException("An entry announces attributes and has none");
    }
    return Attributes.of(values);
  }

  private ChunkList content() throws FormatException {
    ChunkList content = ChunkList.read(in);
    if (content.refs().isEmpty()) {
      throw new FormatException("An entry announces content and has none");
    }
    return content;
  }
}
