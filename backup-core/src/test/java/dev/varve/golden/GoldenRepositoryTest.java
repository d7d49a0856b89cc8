package dev.varve.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.CheckOptions;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import dev.varve.reader.ReadSnapshot;
import dev.varve.reader.RepositoryReader;
import dev.varve.reader.Secret;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.testkit.CollectingTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository of format version 1 is read for ever, by the library and by the second reader. */
class GoldenRepositoryTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/v1");

  @TempDir Path directory;

  @BeforeEach
  void copy() throws IOException {
    Path from = GOLDEN.resolve("repository");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = directory.resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  @Test
  void library_keyFile_restoresEverySnapshot() throws IOException {
    assertEquals(expected(), restored(KeyFile.parse(keyLine())));
  }

  @Test
  void library_passphrase_restoresEverySnapshot() throws IOException {
    assertEquals(expected(), restored(Passphrase.of(GoldenMaker.PASSPHRASE.toCharArray())));
  }

  @Test
  void library_checkOfEveryBlock_findsNothing() throws IOException {
    try (Repository repository = open(KeyFile.parse(keyLine()))) {
      CheckOptions everything = CheckOptions.builder().level(CheckOptions.Level.DATA).build();
      assertEquals(List.of(), repository.check(everything).findings());
    }
  }

  @Test
  void library_canGoOnWriting() throws IOException {
    try (Repository repository = open(KeyFile.parse(keyLine()))) {
      Snapshot snapshot = repository.backup(GoldenSources.other()).snapshot();
      CollectingTarget target = new CollectingTarget();
      repository.restore(snapshot, target);
      target.assertHolds(GoldenSources.other());
    }
    assertEquals(5, RepositoryReader.open(directory, Secret.keyFile(keyLine())).snapshots().size());
  }

  @Test
  void secondReader_keyFile_restoresEverySnapshot() throws IOException {
    assertEquals(expected(), SecondReading.of(directory, Secret.keyFile(keyLine())));
  }

  @Test
  void secondReader_passphrase_restoresEverySnapshot() throws IOException {
    assertEquals(
        expected(), SecondReading.of(directory, Secret.passphrase(GoldenMaker.PASSPHRASE)));
  }

  @Test
  void secondReader_footersMarkersAndHashes_agreeWithTheIndex() throws IOException {
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(keyLine()));
    assertEquals(List.of(), reader.audit());
  }

  @Test
  void secondReader_contents_areCutWhereItWouldCutThem() throws IOException {
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(keyLine()));
    for (ReadSnapshot snapshot : reader.snapshots()) {
      assertEquals(List.of(), reader.cutElsewhere(snapshot));
    }
  }

  @Test
  void secondReader_problems_areListed() throws IOException {
    RepositoryReader reader = RepositoryReader.open(directory, Secret.keyFile(keyLine()));
    List<String> problems = reader.problems(reader.snapshots().get(1));
    assertEquals(1, problems.size());
    assertEquals("docs/secret", problems.get(0).substring(0, problems.get(0).indexOf(':')));
  }

  private static String expected() throws IOException {
    return Files.readString(GOLDEN.resolve("expected.txt"));
  }

  private static String keyLine() throws IOException {
    return Files.readString(GOLDEN.resolve("key.txt"));
  }

  private Repository open(Key key) {
    return Repository.open(
        directory.toString(),
        key,
        RepositoryOptions.builder().withoutCache().withoutState().passphraseCost(1024, 1).build());
  }

  private String restored(Key key) {
    StringBuilder out = new StringBuilder();
    try (Repository repository = open(key)) {
      for (Snapshot snapshot : repository.snapshots().list()) {
        CollectingTarget target = new CollectingTarget();
        repository.restore(snapshot, target);
        assertEquals(List.of(), target.misuses());
        SortedMap<EntryPath, Map<String, String>> entries = new TreeMap<>();
        target
            .collected()
            .forEach(
                (path, entry) ->
                    entries.put(path, Expectation.facts(entry.entry(), entry.bytes())));
        out.append(
            Expectation.text(
                snapshot.source().toString(), snapshot.tags(), snapshot.problems(), entries));
      }
    }
    return out.toString();
  }
}
