package dev.varve.examples.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which paths a command is about, as the settings that plugins understand. Used by one thread. */
final class FilterArguments {

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Only paths that match, and what lies below; may be repeated.")
  private List<String> includes = new ArrayList<>();

  @Option(
      names = "--iinclude",
      paramLabel = "GLOB",
      description = "As --include, capital and small letters being the same.")
  private List<String> includesIgnoringCase = new ArrayList<>();

  @Option(
      names = "--include-file",
      paramLabel = "FILE",
      description = "A file with a pattern to include in each line; may be repeated.")
  private List<String> includeFiles = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Not what matches: *.tmp and cache/ anywhere, /srv/*; may be repeated.")
  private List<String> excludes = new ArrayList<>();

  @Option(
      names = "--iexclude",
      paramLabel = "GLOB",
      description = "As --exclude, capital and small letters being the same.")
  private List<String> excludesIgnoringCase = new ArrayList<>();

  @Option(
      names = "--exclude-file",
      paramLabel = "FILE",
      description = "A file with a pattern to exclude in each line; may be repeated.")
  private List<String> excludeFiles = new ArrayList<>();

  @Option(
      names = "--exclude-regex",
      paramLabel = "REGEX",
      description = "Not paths in which this is found; may be repeated.")
  private List<String> expressions = new ArrayList<>();

  /** The settings that were given, by name. */
  Map<String, List<String>> settings() {
    Map<String, List<String>> settings = new LinkedHashMap<>();
    put(settings, "include", includes);
    put(settings, "iinclude", includesIgnoringCase);
    put(settings, "include-file", includeFiles);
    put(settings, "exclude", excludes);
    put(settings, "iexclude", excludesIgnoringCase);
    put(settings, "exclude-file", excludeFiles);
    put(settings, "exclude-regex", expressions);
    return settings;
  }

  private static void put(Map<String, List<String>> settings, String name, List<String> values) {
    if (!values.isEmpty()) {
      settings.put(name, values);
    }
  }
}
