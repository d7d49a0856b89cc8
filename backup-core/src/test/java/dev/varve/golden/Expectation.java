package dev.varve.golden;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Posix;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is expected of a snapshot, as lines of text. Stateless. */
final class Expectation {

  /** Below this path are so many entries that they are not listed one by one. */
  static final String MANY = "many/";

  private static final HexFormat HEX = HexFormat.of();

  private Expectation() {}

  /** All that is known of an entry, its content as a hash, in words that both readers use. */
  static Map<String, String> facts(Entry entry, byte[] content) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("kind", String.valueOf(entry.kind().code()));
    facts.put("size", String.valueOf(entry.size()));
    entry.modified().ifPresent(time -> facts.put("modified", time(time)));
    entry.revision().ifPresent(revision -> facts.put("revision", HEX.formatHex(revision.bytes())));
    entry.linkTarget().ifPresent(target -> facts.put("target", HEX.formatHex(target.bytes())));
    if (entry.hardLinkGroup().isPresent()) {
      facts.put("hard-link", Long.toUnsignedString(entry.hardLinkGroup().getAsLong()));
    }
    entry.posix().ifPresent(posix -> posix(posix, facts));
    for (String name : entry.attributes().names()) {
      facts.put("attribute " + name, HEX.formatHex(entry.attributes().find(name).orElseThrow()));
    }
    if (entry.kind().hasContent()) {
      facts.put("sha256", sha256(content));
    }
    return facts;
  }

  private static void posix(Posix posix, Map<String, String> facts) {
    facts.put("mode", Integer.toOctalString(posix.mode()));
    facts.put("owner", posix.uid() + ":" + posix.gid());
    posix.user().ifPresent(user -> facts.put("user", user));
    posix.group().ifPresent(group -> facts.put("group", group));
    posix.changed().ifPresent(time -> facts.put("changed", time(time)));
  }

  private static String time(Instant time) {
    return time.getEpochSecond() + "." + String.format("%09d", time.getNano());
  }

  private static String sha256(byte[] content) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A snapshot as text: one line that begins with '#', then one line for each entry; of the many
   * that are alike, one line for all.
   */
  static String text(
      String identity,
      Map<String, String> tags,
      long problems,
      SortedMap<EntryPath, Map<String, String>> entries) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(identity).append(' ').append(new TreeMap<>(tags));
    out.append(" problems=").append(problems).append('\n');
    StringBuilder alike = new StringBuilder();
    entries.forEach(
        (path, facts) -> {
          String line = path + " | " + facts + "\n";
          (path.toString().startsWith(MANY) ? alike : out).append(line);
        });
    if (!alike.isEmpty()) {
      long count = alike.chars().filter(c -> c == '\n').count();
      String hash = sha256(alike.toString().getBytes(StandardCharsets.UTF_8));
      out.append(MANY).append(" | ").append(count).append(" lines, sha256=").append(hash);
      out.append('\n');
    }
    return out.toString();
  }

  /** The path whose bytes are the characters of this text. */
  static EntryPath path(String latin1) {
    return EntryPath.ofBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
