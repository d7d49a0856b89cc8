package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.repository.Plugins;
import dev.varve.source.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a command reads: all paths are one source, each location with a scheme is another. Used by
 * one thread.
 */
final class SourceArguments {

  private static final String PATHS = "file";

  @Parameters(
      arity = "1..*",
      paramLabel = "SOURCE",
      description = "A path, or a location such as jdbc:...; all paths together are one source.")
  private List<String> locations = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the source is called, the same every night.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where it is read, instead of this machine's name; also VARVE_HOST.")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Back up only paths that match; may be repeated.")
  private List<String> includes = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave out paths that match; may be repeated.")
  private List<String> excludes = new ArrayList<>();

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "A setting of the source; may be repeated.")
  private List<String> options = new ArrayList<>();

  /** The sources that are meant. */
  List<Source> sources(Surroundings surroundings) {
    List<String> paths = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String location : locations) {
      (parse(location).scheme().equals(PATHS) ? paths : others).add(location);
    }
    if (paths.isEmpty() && !(includes.isEmpty() && excludes.isEmpty())) {
      throw new UsageException("--include and --exclude are about paths, and no path is given");
    }
    Map<String, List<String>> common = new LinkedHashMap<>();
    name.ifPresent(value -> common.put("name", List.of(value)));
    host.or(() -> surroundings.variable("VARVE_HOST"))
        .ifPresent(value -> common.put("host", List.of(value)));
    Map<String, List<String>> special = OptionArguments.byName(options);

    List<Source> sources = new ArrayList<>();
    if (!paths.isEmpty()) {
      Map<String, List<String>> all = new LinkedHashMap<>(common);
      put(all, "include", includes);
      put(all, "exclude", excludes);
      if (others.isEmpty()) {
        all.putAll(special);
      }
      sources.add(source(paths, all));
    }
    for (String other : others) {
      Map<String, List<String>> all = new LinkedHashMap<>(common);
      all.putAll(special);
      sources.add(source(List.of(other), all));
    }
    return sources;
  }

  private static Location parse(String location) {
    try {
      return Location.parse(location);
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Source source(List<String> locations, Map<String, List<String>> options) {
    try {
      return Plugins.source(locations, options);
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static void put(Map<String, List<String>> options, String name, List<String> values) {
    if (!values.isEmpty()) {
      options.put(name, values);
    }
  }
}
