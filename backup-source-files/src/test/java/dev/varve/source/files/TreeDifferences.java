package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.source.SourceRun;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Compares two trees in all that is kept, ctime and inodes aside. */
final class TreeDifferences {

  private TreeDifferences() {}

  /** One line for each difference. */
  static List<String> between(Path expected, Path actual) throws IOException {
    Map<EntryPath, Described> before = describe(expected);
    Map<EntryPath, Described> after = describe(actual);
    List<String> differences = new ArrayList<>();
    before.forEach(
        (path, one) -> {
          Described other = after.remove(path);
          if (other == null) {
            differences.add("missing " + path);
          } else if (!one.entry.equals(other.entry)) {
            differences.add(path + ": " + parts(one.entry) + " became " + parts(other.entry));
          } else if (!one.content.equals(other.content)) {
            differences.add(path + ": content differs");
          } else if (!Objects.equals(one.firstName, other.firstName)) {
            differences.add(path + ": is linked differently");
          }
        });
    after.keySet().forEach(path -> differences.add("added " + path));
    return differences;
  }

  private record Described(Entry entry, ByteBuffer content, Optional<EntryPath> firstName) {}

  private static Map<EntryPath, Described> describe(Path top) throws IOException {
    Map<EntryPath, Described> all = new TreeMap<>();
    Map<Long, EntryPath> firstNames = new HashMap<>();
    byte[] prefix = RawNames.withoutRoot(top);
    try (SourceRun run = FilesSource.of(top).begin(new RecordingContext())) {
      for (Entry entry : Sources.entries(run)) {
        byte[] whole = entry.path().bytes();
        byte[] rest = Arrays.copyOfRange(whole, prefix.length, whole.length);
        EntryPath path = EntryPath.ofBytes(rest);
        Entry.Builder kept =
            Entry.builder(path, entry.kind()).size(entry.size()).attributes(entry.attributes());
        // Without native calls, JDKs before 25 set times of links to the microsecond.
        boolean link = entry.kind() == EntryKind.SYMBOLIC_LINK && SystemCalls.find().isEmpty();
        entry
            .modified()
            .map(time -> link ? time.truncatedTo(ChronoUnit.MICROS) : time)
            .ifPresent(kept::modified);
        entry.linkTarget().ifPresent(kept::linkTarget);
        entry.posix().map(TreeDifferences::withoutChanged).ifPresent(kept::posix);
        Optional<EntryPath> firstName = Optional.empty();
        if (entry.hardLinkGroup().isPresent()) {
          firstName =
              Optional.of(firstNames.computeIfAbsent(entry.hardLinkGroup().getAsLong(), g -> path));
        }
        byte[] content = entry.kind().hasContent() ? Sources.content(run, entry) : new byte[0];
        all.put(path, new Described(kept.build(), ByteBuffer.wrap(content), firstName));
      }
    }
    return all;
  }

  private static Posix withoutChanged(Posix posix) {
    return new Posix(
        posix.mode(), posix.uid(), posix.gid(), posix.user(), posix.group(), Optional.empty());
  }

  private static String parts(Entry entry) {
    return entry.kind()
        + " "
        + entry.size()
        + " "
        + entry.modified()
        + " "
        + entry.posix()
        + " "
        + entry.linkTarget()
        + " "
        + entry.attributes();
  }
}
