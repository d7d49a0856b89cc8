package dev.varve.source.archive;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Turns entries into members of tar archives and back. Stateless. */
final class Members {

  private static final String XATTR = "xattr.";
  private static final String DEVICE = "posix.device";
  private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

  private Members() {}

  /** The member for an entry with a content of its own, or none. */
  static TarMember of(Entry entry, Optional<Notes.Links> links) {
    return of(entry, type(entry.kind()), new byte[0], links);
  }

  /** The member for one more name of a file that stands in the archive as {@code first}. */
  static TarMember linked(Entry entry, EntryPath first, Notes.Links links) {
    return of(entry, TarMember.Type.HARD_LINK, TarNames.nameOf(first, false), Optional.of(links));
  }

  private static TarMember of(
      Entry entry, TarMember.Type type, byte[] first, Optional<Notes.Links> links) {
    boolean directory = type == TarMember.Type.DIRECTORY;
    byte[] link = entry.linkTarget().map(EntryPath::bytes).orElse(first);
    Optional<Posix> posix = entry.posix();
    long[] device = device(entry);
    TarMember bare =
        new TarMember(
            type,
            TarNames.nameOf(entry.path(), directory),
            link,
            type == TarMember.Type.FILE ? entry.size() : 0,
            posix.map(Posix::mode).orElse(directory ? 0755 : 0644),
            posix.map(Posix::uid).orElse(0L),
            posix.map(Posix::gid).orElse(0L),
            posix.flatMap(Posix::user).orElse(""),
            posix.flatMap(Posix::group).orElse(""),
            entry.modified().orElse(Instant.EPOCH),
            posix.flatMap(Posix::changed),
            device[0],
            device[1],
            extended(entry.attributes()),
            Optional.empty());
    return noted(bare, Notes.of(entry, seen(bare), links));
  }

  /**
   * The entry that a member stands for; empty for the archive's top itself.
   *
   * @throws IOException if it cannot be one, or leads outside
   */
  static Optional<Entry> entry(TarMember member) throws IOException {
    Note note = member.note().orElseGet(Note::new);
    Optional<EntryPath> named = Notes.path(note);
    Optional<EntryPath> path = named.isPresent() ? named : path(member);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    EntryKind kind = Notes.kind(note, kind(member.type()));
    try {
      Entry.Builder entry = Entry.builder(path.get(), kind);
      Notes.modified(note, member.modified()).ifPresent(entry::modified);
      if (kind.hasContent()) {
        entry.size(member.size());
      }
      if (kind == EntryKind.SYMBOLIC_LINK) {
        entry.linkTarget(EntryPath.ofBytes(member.link()));
      }
      Notes.links(note).ifPresent(links -> entry.hardLinkGroup(links.group()));
      Notes.posix(note, posix(member)).ifPresent(entry::posix);
      entry.attributes(Notes.attributes(note, attributes(member)));
      return Optional.of(entry.build());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The archive is damaged: '"
              + TarNames.shown(member.name())
              + "' cannot be: "
              + e.getMessage(),
          e);
    }
  }

  private static Optional<EntryPath> path(TarMember member) throws IOException {
    return TarNames.pathOf(member.name(), member.type() == TarMember.Type.DIRECTORY);
  }

  /** What is read of a member without a note; nothing if that cannot be read. */
  private static Optional<Entry> seen(TarMember bare) {
    try {
      return entry(bare);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static TarMember noted(TarMember member, Note note) {
    return new TarMember(
        member.type(),
        member.name(),
        member.link(),
        member.size(),
        member.mode(),
        member.uid(),
        member.gid(),
        member.user(),
        member.group(),
        member.modified(),
        member.changed(),
        member.deviceMajor(),
        member.deviceMinor(),
        member.extended(),
        note.isEmpty() ? Optional.empty() : Optional.of(note));
  }

  private static Posix posix(TarMember member) {
    return new Posix(
        member.mode(),
        member.uid(),
        member.gid(),
        Optional.of(member.user()).filter(name -> !name.isEmpty()),
        Optional.of(member.group()).filter(name -> !name.isEmpty()),
        member.changed());
  }

  private static Attributes attributes(TarMember member) {
    Map<String, byte[]> attributes = new TreeMap<>();
    member.extended().forEach((name, value) -> attributes.put(XATTR + escaped(name), value));
    if (isDevice(member.type())) {
      String device = member.deviceMajor() + ":" + member.deviceMinor();
      attributes.put(DEVICE, device.getBytes(StandardCharsets.US_ASCII));
    }
    return Attributes.of(attributes);
  }

  /** Only names that come back as they are; the others are noted. */
  private static Map<String, byte[]> extended(Attributes attributes) {
    Map<String, byte[]> extended = new TreeMap<>();
    for (String name : attributes.names()) {
      if (name.startsWith(XATTR) && name.length() > XATTR.length() && name.indexOf('=') < 0) {
        String escaped = name.substring(XATTR.length());
        String plain = unescaped(escaped);
        if (escaped(plain).equals(escaped)) {
          extended.put(plain, attributes.find(name).orElseThrow());
        }
      }
    }
    return extended;
  }

  private static String escaped(String name) {
    StringBuilder out = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  /** GNU tar keeps the escapes of '%' and '=' and knows no others. */
  private static String unescaped(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      if (name.startsWith("%", i)
          && i + 3 <= name.length()
          && name.substring(i + 1, i + 3).matches("[0189A-F][0-9A-F]|20|7F")) {
        out.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
        i += 2;
      } else {
        out.write(name.charAt(i));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static long[] device(Entry entry) {
    var numbers = NUMBERS.matcher(entry.attributes().findText(DEVICE).orElse(""));
    return isDevice(type(entry.kind())) && numbers.matches()
        ? new long[] {Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2))}
        : new long[] {0, 0};
  }

  private static boolean isDevice(TarMember.Type type) {
    return type == TarMember.Type.CHARACTER_DEVICE || type == TarMember.Type.BLOCK_DEVICE;
  }

  /** A socket becomes an empty file for others: tar has no sockets. */
  private static TarMember.Type type(EntryKind kind) {
    return switch (kind) {
      case FILE, SOCKET -> TarMember.Type.FILE;
      case DIRECTORY -> TarMember.Type.DIRECTORY;
      case SYMBOLIC_LINK -> TarMember.Type.SYMBOLIC_LINK;
      case FIFO -> TarMember.Type.FIFO;
      case CHARACTER_DEVICE -> TarMember.Type.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> TarMember.Type.BLOCK_DEVICE;
    };
  }

  private static EntryKind kind(TarMember.Type type) {
    return switch (type) {
      case FILE, HARD_LINK -> EntryKind.FILE;
      case DIRECTORY -> EntryKind.DIRECTORY;
      case SYMBOLIC_LINK -> EntryKind.SYMBOLIC_LINK;
      case FIFO -> EntryKind.FIFO;
      case CHARACTER_DEVICE -> EntryKind.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> EntryKind.BLOCK_DEVICE;
    };
  }
}
