package dev.varve.examples.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How paths are read, as the settings that the files source understands. Used by one thread. */
final class PathArguments {

  @Mixin private FilterArguments filter = new FilterArguments();

  @Option(
      names = "--exclude-larger-than",
      paramLabel = "SIZE",
      description = "Not files larger than this: bytes, or 500K, 20M, 1G.")
  private Optional<String> largest = Optional.empty();

  @Option(
      names = "--exclude-smaller-than",
      paramLabel = "SIZE",
      description = "Not files smaller than this.")
  private Optional<String> smallest = Optional.empty();

  @Option(
      names = "--exclude-caches",
      description = "Not what directories hold that are marked by a CACHEDIR.TAG.")
  private boolean excludesCaches;

  @Option(
      names = "--exclude-if-present",
      paramLabel = "NAME[:HEADER]",
      description = "Not what directories hold that have such a file; may be repeated.")
  private List<String> markers = new ArrayList<>();

  @Option(
      names = {"-x", "--one-file-system"},
      description = "Not what is mounted below the paths.")
  private boolean oneFileSystem;

  @Option(
      names = "--read-special",
      description = "Read named pipes and block devices as if they were files.")
  private boolean readsSpecial;

  /** The settings that were given, by name. */
  Map<String, List<String>> settings() {
    Map<String, List<String>> settings = new LinkedHashMap<>(filter.settings());
    largest.ifPresent(size -> settings.put("exclude-larger-than", List.of(size)));
    smallest.ifPresent(size -> settings.put("exclude-smaller-than", List.of(size)));
    flag(settings, "exclude-caches", excludesCaches);
    if (!markers.isEmpty()) {
      settings.put("exclude-if-present", markers);
    }
    flag(settings, "one-file-system", oneFileSystem);
    flag(settings, "read-special", readsSpecial);
    return settings;
  }

  private static void flag(Map<String, List<String>> settings, String name, boolean given) {
    if (given) {
      settings.put(name, List.of("true"));
    }
  }
}
