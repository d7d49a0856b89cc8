package dev.varve.source;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes entries to temporary files and reads them back in the same process. Not the repository's
 * format: nothing here outlives the process.
 */
final class EntryRecord {

  private static final List<EntryKind> KINDS = List.of(EntryKind.values());

  /** About what an entry takes beside its bytes. */
  private static final int FIXED_MEMORY_BYTES = 400;

  private static final int MODIFIED = 1;
  private static final int REVISION = 2;
  private static final int LINK_TARGET = 4;
  private static final int HARD_LINK_GROUP = 8;
  private static final int POSIX = 16;
  private static final int USER = 32;
  private static final int GROUP = 64;
  private static final int CHANGED = 128;

  private EntryRecord() {}

  /** About how much memory an entry takes. */
  static long memoryBytes(Entry entry) {
    long bytes = (long) FIXED_MEMORY_BYTES + entry.path().length();
    bytes += entry.linkTarget().map(EntryPath::length).orElse(0);
    for (String name : entry.attributes().names()) {
      bytes += 2L * name.length() + entry.attributes().find(name).map(v -> v.length).orElse(0);
    }
    return bytes;
  }

  static void write(Entry entry, DataOutput out) throws IOException {
    out.writeByte(flags(entry));
    out.writeByte(KINDS.indexOf(entry.kind()));
    writeBytes(out, entry.path().bytes());
    out.writeLong(entry.size());
    if (entry.modified().isPresent()) {
      writeTime(out, entry.modified().get());
    }
    if (entry.revision().isPresent()) {
      writeBytes(out, entry.revision().get().bytes());
    }
    if (entry.linkTarget().isPresent()) {
      writeBytes(out, entry.linkTarget().get().bytes());
    }
    if (entry.hardLinkGroup().isPresent()) {
      out.writeLong(entry.hardLinkGroup().getAsLong());
    }
    if (entry.posix().isPresent()) {
      writePosix(out, entry.posix().get());
    }
    out.writeInt(entry.attributes().names().size());
    for (String name : entry.attributes().names()) {
      out.writeUTF(name);
      writeBytes(out, entry.attributes().find(name).orElseThrow());
    }
  }

  static Entry read(DataInput in) throws IOException {
    int flags = in.readUnsignedByte();
    EntryKind kind = KINDS.get(in.readUnsignedByte());
    Entry.Builder entry = Entry.builder(EntryPath.ofBytes(readBytes(in)), kind).size(in.readLong());
    if ((flags & MODIFIED) != 0) {
      entry.modified(readTime(in));
    }
    if ((flags & REVISION) != 0) {
      entry.revision(Revision.of(readBytes(in)));
    }
    if ((flags & LINK_TARGET) != 0) {
      entry.linkTarget(EntryPath.ofBytes(readBytes(in)));
    }
    if ((flags & HARD_LINK_GROUP) != 0) {
      entry.hardLinkGroup(in.readLong());
    }
    if ((flags & POSIX) != 0) {
      entry.posix(readPosix(in, flags));
    }
    Map<String, byte[]> attributes = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      attributes.put(name, readBytes(in));
    }
    return entry.attributes(Attributes.of(attributes)).build();
  }

  private static int flags(Entry entry) {
    int flags = entry.modified().isPresent() ? MODIFIED : 0;
    flags |= entry.revision().isPresent() ? REVISION : 0;
    flags |= entry.linkTarget().isPresent() ? LINK_TARGET : 0;
    flags |= entry.hardLinkGroup().isPresent() ? HARD_LINK_GROUP : 0;
    if (entry.posix().isPresent()) {
      Posix posix = entry.posix().get();
      flags |= POSIX;
      flags |= posix.user().isPresent() ? USER : 0;
      flags |= posix.group().isPresent() ? GROUP : 0;
      flags |= posix.changed().isPresent() ? CHANGED : 0;
    }
    return flags;
  }

  private static void writePosix(DataOutput out, Posix posix) throws IOException {
    out.writeShort(posix.mode());
    out.writeInt((int) posix.uid());
    out.writeInt((int) posix.gid());
    if (posix.user().isPresent()) {
      out.writeUTF(posix.user().get());
    }
    if (posix.group().isPresent()) {
      out.writeUTF(posix.group().get());
    }
    if (posix.changed().isPresent()) {
      writeTime(out, posix.changed().get());
    }
  }

  private static Posix readPosix(DataInput in, int flags) throws IOException {
    return new Posix(
        in.readUnsignedShort(),
        Integer.toUnsignedLong(in.readInt()),
        Integer.toUnsignedLong(in.readInt()),
        (flags & USER) != 0 ? Optional.of(in.readUTF()) : Optional.empty(),
        (flags & GROUP) != 0 ? Optional.of(in.readUTF()) : Optional.empty(),
        (flags & CHANGED) != 0 ? Optional.of(readTime(in)) : Optional.empty());
  }

  private static void writeTime(DataOutput out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static Instant readTime(DataInput in) throws IOException {
    long seconds = in.readLong();
    return Instant.ofEpochSecond(seconds, in.readInt());
  }

  private static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
