package dev.varve.source.elasticsearch;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Makes clusters, sources and targets of what a user typed. */
final class Locations {

  private Locations() {}

  /**
   * The cluster at {@code //host:port,host:port/path}, or at a URL. Where credentials or an
   * authority are given it is asked by https, unless {@code tls} says otherwise.
   */
  static SearchCluster cluster(Location location, Options options) {
    Optional<String> user = options.find("user");
    Optional<Path> password = options.find("password-file").map(Path::of);
    Optional<Path> key = options.find("api-key-file").map(Path::of);
    Optional<Path> authorities = options.find("tls-ca-file").map(Path::of);
    boolean secret = user.isPresent() || key.isPresent() || authorities.isPresent();
    boolean tls = options.flag("tls", secret);
    if (user.isPresent() != password.isPresent() || (user.isPresent() && key.isPresent())) {
      throw new ConfigurationException(
          "Give 'user' together with 'password-file', or 'api-key-file' alone");
    }
    SearchCluster cluster = SearchCluster.at(urls(location, tls));
    if (user.isPresent()) {
      cluster = cluster.user(user.get(), password.orElseThrow());
    }
    if (key.isPresent()) {
      cluster = cluster.apiKey(key.get());
    }
    return authorities.isPresent() ? cluster.tlsAuthorities(authorities.get()) : cluster;
  }

  private static String[] urls(Location location, boolean tls) {
    String rest = location.rest();
    if (rest.startsWith("http://") || rest.startsWith("https://")) {
      return rest.split(",", -1);
    }
    if (!rest.startsWith("//") || rest.length() == 2) {
      throw new ConfigurationException(
          "A search cluster is given as " + location.scheme() + "://host:port, not " + location);
    }
    int slash = rest.indexOf('/', 2);
    String path = slash < 0 ? "" : rest.substring(slash);
    List<String> urls = new ArrayList<>();
    for (String node : rest.substring(2, slash < 0 ? rest.length() : slash).split(",", -1)) {
      String port = node.matches(".*:[0-9]+") ? "" : ":9200";
      urls.add((tls ? "https://" : "http://") + node + port + path);
    }
    return urls.toArray(String[]::new);
  }

  /** Makes a source; {@code kind} is that of its identity. */
  static ElasticsearchSource source(String kind, List<Location> locations, Options options) {
    ElasticsearchSource.Builder source =
        ElasticsearchSource.builder(cluster(Location.only(locations), options)).kind(kind);
    options.find("name").ifPresent(source::named);
    options.find("host").ifPresent(source::host);
    options.all("include").forEach(source::include);
    options.all("exclude").forEach(source::exclude);
    if (options.flag("system-indices", false)) {
      source.systemIndices();
    }
    if (options.flag("cluster-settings", false)) {
      source.clusterSettings();
    }
    if (!options.flag("refresh", true)) {
      source.withoutRefresh();
    }
    int slices = options.number("slices", 0, 1, 1024);
    if (slices > 0) {
      source.slices(slices);
    }
    source.readers(options.number("readers", 4, 1, 64));
    source.pageSize(options.number("page-size", 10_000, 1, 10_000));
    options.allRead();
    return source.build();
  }

  /** Makes a target. */
  static ElasticsearchTarget target(Location location, Options options) {
    ElasticsearchTarget.Builder target = ElasticsearchTarget.builder(cluster(location, options));
    options.all("include").forEach(target::include);
    options.all("exclude").forEach(target::exclude);
    options
        .find("mode")
        .ifPresent(mode -> target.mode(named("mode", mode, ElasticsearchTarget.Mode.values())));
    Optional<String> pattern = options.find("rename-pattern");
    Optional<String> replacement = options.find("rename-replacement");
    if (pattern.isPresent() != replacement.isPresent()) {
      throw new ConfigurationException(
          "Options 'rename-pattern' and 'rename-replacement' go together; give both or neither");
    }
    pattern.ifPresent(regex -> target.rename(regex, replacement.orElseThrow()));
    List<ElasticsearchTarget.Part> parts =
        options.all("part").stream()
            .map(part -> named("part", part, ElasticsearchTarget.Part.values()))
            .toList();
    if (!parts.isEmpty()) {
      target.parts(Set.copyOf(parts));
    }
    target.bulkBytes(options.number("bulk-bytes", 5 << 20, 1000, 1 << 30));
    target.bulkRequests(options.number("bulk-requests", 3, 1, 64));
    options.allRead();
    return target.build();
  }

  private static <E extends Enum<E>> E named(String option, String typed, E[] all) {
    List<String> known = new ArrayList<>();
    for (E one : all) {
      String name = one.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(typed)) {
        return one;
      }
      known.add(name);
    }
    throw new ConfigurationException(
        "Option '" + option + "' must be one of " + known + ", not '" + typed + "'");
  }
}
