package dev.varve.golden;

import dev.varve.BackupOptions;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.testkit.MemorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a golden repository, once for each format version: {@code GoldenMaker DIRECTORY}, the test
 * classes on the class path. What it made is never made again, or it would prove nothing.
 */
final class GoldenMaker {

  /** Opens golden repositories, which protect nothing. */
  static final String PASSPHRASE = "golden gr\u00fcn";

  private GoldenMaker() {}

  /** Makes one in the directory that is named. */
  public static void main(String[] arguments) throws IOException {
    make(Path.of(arguments[0]));
  }

  static RepositoryOptions options() {
    return RepositoryOptions.builder()
        .withoutCache()
        .withoutState()
        .parallelism(2)
        .passphraseCost(1024, 1)
        .chunkSizes(4 << 10, 8 << 10, GoldenSources.LARGEST_CHUNK_BYTES)
        .slotLabel("golden key file")
        .build();
  }

  /** Makes the repository, its key, and what is to be read from it. */
  static void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    KeyFile key = KeyFile.generate();
    Files.writeString(directory.resolve("key.txt"), key.text() + "\n");
    StringBuilder expected = new StringBuilder();
    MemorySource main = GoldenSources.main();
    MemorySource other = GoldenSources.other();
    String place = directory.resolve("repository").toString();
    try (Repository repository = Repository.create(place, key, options())) {
      repository.backup(main);
      expected.append(expectation(main, Map.of(), 0));
      GoldenSources.change(main);
      repository.backup(main, BackupOptions.builder().tag("release", "4.2").build());
      main.remove("docs/secret");
      expected.append(expectation(main, Map.of("release", "4.2"), 1));
      repository.keys().add("golden passphrase", Passphrase.of(PASSPHRASE.toCharArray()));
      Map<String, String> both = Map.of("both", "1", "\u00fc", "\u00e4");
      BackupOptions.Builder options = BackupOptions.builder().uncompressed();
      both.forEach(options::tag);
      repository.backup(List.of(main, other), options.build());
      expected.append(expectation(main, both, 0)).append(expectation(other, both, 0));
    }
    Files.writeString(directory.resolve("expected.txt"), expected);
  }

  /** What a source holds now, as it is expected back. */
  static String expectation(MemorySource source, Map<String, String> tags, long problems) {
    TreeMap<EntryPath, Map<String, String>> entries = new TreeMap<>();
    for (Entry entry : source.entries().values()) {
      entries.put(entry.path(), Expectation.facts(entry, source.content(entry.path())));
    }
    return Expectation.text(source.identity().toString(), tags, problems, entries);
  }
}
