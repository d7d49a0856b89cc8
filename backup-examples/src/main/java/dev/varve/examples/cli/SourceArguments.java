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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a command reads: all paths are one source, each location with a scheme is another, standard
 * input and commands are further ones. Used by one thread.
 */
final class SourceArguments {

  private static final String PATHS = "file";

  @Parameters(
      arity = "0..*",
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

  @Mixin private PathArguments pathArguments = new PathArguments();

  @Mixin private StreamArguments streams = new StreamArguments();

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
    Map<String, List<String>> pathSettings = pathArguments.settings();
    if (paths.isEmpty() && !pathSettings.isEmpty()) {
      throw new UsageException(
          "--" + pathSettings.keySet().iterator().next() + " is about paths, and no path is given");
    }
    Optional<String> where = host.or(() -> surroundings.variable("VARVE_HOST"));
    Map<String, List<String>> common = new LinkedHashMap<>();
    name.ifPresent(value -> common.put("name", List.of(value)));
    where.ifPresent(value -> common.put("host", List.of(value)));
    Map<String, List<String>> special = OptionArguments.byName(options);

    List<Source> sources = new ArrayList<>();
    if (!paths.isEmpty()) {
      Map<String, List<String>> all = new LinkedHashMap<>(common);
      all.putAll(pathSettings);
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
    sources.addAll(streams.sources(surroundings, name, where));
    if (sources.isEmpty()) {
      throw new UsageException(
          "Nothing to read is given; name paths or locations, or use --stdin-name or --command");
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
}
