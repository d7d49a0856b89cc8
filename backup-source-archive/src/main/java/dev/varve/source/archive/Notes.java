package dev.varve.source.archive;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Notes in which way an entry differs from what a tar header says, and applies such notes.
 * Stateless.
 *
 * <p>Lines: {@code path} (as printed by {@link EntryPath}), {@code kind} (lower case), {@code
 * modified=-} (none), {@code owner=-} (none), {@code user} and {@code group} (names), {@code
 * attribute.NAME} (base64), {@code without.NAME} (an attribute that is not there), {@code
 * links=GROUP CONTENT}: one of several names of a file; names with equal CONTENT have the same. The
 * line {@code broken} stands in a note of its own and says that the member before is not whole.
 */
final class Notes {

  static final String BROKEN = "broken";

  private static final String PATH = "path";
  private static final String KIND = "kind";
  private static final String MODIFIED = "modified";
  private static final String OWNER = "owner";
  private static final String USER = "user";
  private static final String GROUP = "group";
  private static final String LINKS = "links";
  private static final String ATTRIBUTE = "attribute.";
  private static final String WITHOUT = "without.";
  private static final String NONE = "-";

  /** A file's names and which of them have the same content. */
  record Links(long group, long content) {}

  private Notes() {}

  /** What of {@code entry} is lost in {@code seen}, which is read from the headers alone. */
  static Note of(Entry entry, Optional<Entry> seen, Optional<Links> links) {
    Note note = new Note();
    if (!seen.map(Entry::path).equals(Optional.of(entry.path()))) {
      note.with(PATH, entry.path().toString());
    }
    if (!seen.map(Entry::kind).equals(Optional.of(entry.kind()))) {
      note.with(KIND, entry.kind().name().toLowerCase(Locale.ROOT));
    }
    if (entry.modified().isEmpty()) {
      note.with(MODIFIED, NONE);
    }
    if (entry.posix().isEmpty()) {
      note.with(OWNER, NONE);
    } else {
      Optional<Posix> other = seen.flatMap(Entry::posix);
      Posix posix = entry.posix().get();
      posix
          .user()
          .filter(user -> !other.flatMap(Posix::user).equals(Optional.of(user)))
          .ifPresent(user -> note.with(USER, user));
      posix
          .group()
          .filter(group -> !other.flatMap(Posix::group).equals(Optional.of(group)))
          .ifPresent(group -> note.with(GROUP, group));
    }
    links.ifPresent(names -> note.with(LINKS, names.group() + " " + names.content()));
    for (String name : entry.attributes().names()) {
      byte[] value = entry.attributes().find(name).orElseThrow();
      Optional<byte[]> other = seen.flatMap(e -> e.attributes().find(name));
      if (other.isEmpty() || !Arrays.equals(value, other.get())) {
        note.with(ATTRIBUTE + name, Base64.getEncoder().encodeToString(value));
      }
    }
    for (String name : seen.map(e -> e.attributes().names()).orElseGet(TreeSet::new)) {
      if (entry.attributes().find(name).isEmpty()) {
        note.with(WITHOUT + name, "");
      }
    }
    return note;
  }

  /** The path that a note gives instead of the name. */
  static Optional<EntryPath> path(Note note) throws IOException {
    try {
      return note.find(PATH).map(EntryPath::parse);
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  /** The kind that a note gives instead of the member's. */
  static EntryKind kind(Note note, EntryKind otherwise) throws IOException {
    try {
      return note.find(KIND)
          .map(kind -> EntryKind.valueOf(kind.toUpperCase(Locale.ROOT)))
          .orElse(otherwise);
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  static Optional<Instant> modified(Note note, Instant otherwise) {
    return note.has(MODIFIED) ? Optional.empty() : Optional.of(otherwise);
  }

  static Optional<Posix> posix(Note note, Posix otherwise) {
    return note.has(OWNER)
        ? Optional.empty()
        : Optional.of(
            new Posix(
                otherwise.mode(),
                otherwise.uid(),
                otherwise.gid(),
                note.find(USER).or(otherwise::user),
                note.find(GROUP).or(otherwise::group),
                otherwise.changed()));
  }

  static Attributes attributes(Note note, Attributes otherwise) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    otherwise.names().forEach(name -> all.put(name, otherwise.find(name).orElseThrow()));
    try {
      note.lines()
          .forEach(
              (name, value) -> {
                if (name.startsWith(ATTRIBUTE)) {
                  all.put(name.substring(ATTRIBUTE.length()), Base64.getDecoder().decode(value));
                } else if (name.startsWith(WITHOUT)) {
                  all.remove(name.substring(WITHOUT.length()));
                }
              });
      return Attributes.of(all);
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  static Optional<Links> links(Note note) throws IOException {
    Optional<String> links = note.find(LINKS);
    if (links.isEmpty()) {
      return Optional.empty();
    }
    String[] numbers = links.get().split(" ", -1);
    OptionalLong group = number(numbers[0]);
    OptionalLong content = numbers.length == 2 ? number(numbers[1]) : OptionalLong.empty();
    if (group.isEmpty() || content.isEmpty()) {
      throw malformed(new IllegalArgumentException(links.get()));
    }
    return Optional.of(new Links(group.getAsLong(), content.getAsLong()));
  }

  private static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static IOException malformed(IllegalArgumentException e) {
    return new IOException("The archive is damaged: a note of Varve in it makes no sense", e);
  }
}
