package dev.varve.golden;

import dev.varve.EntryPath;
import dev.varve.reader.ReadSnapshot;
import dev.varve.reader.RepositoryReader;
import dev.varve.reader.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the second reader finds, in the words of an expectation. Stateless. */
final class SecondReading {

  private SecondReading() {}

  /** All snapshots of a repository. */
  static String of(Path directory, Secret secret) {
    RepositoryReader reader = RepositoryReader.open(directory, secret);
    StringBuilder out = new StringBuilder();
    for (ReadSnapshot snapshot : reader.snapshots()) {
      SortedMap<EntryPath, Map<String, String>> entries = new TreeMap<>();
      reader.restore(snapshot).forEach((name, facts) -> entries.put(Expectation.path(name), facts));
      out.append(
          Expectation.text(snapshot.identity(), snapshot.tags(), snapshot.problemCount(), entries));
    }
    return out.toString();
  }
}
