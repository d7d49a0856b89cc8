package dev.varve.internal.store;

import dev.varve.ConfigurationException;
import dev.varve.source.SourceProvider;
import dev.varve.store.StoreProvider;
import dev.varve.target.TargetProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The providers of one kind that are on the class path, by scheme: those the thread's context
 * loader finds and those core's own loader finds. Immutable: what was there when it was made.
 *
 * <p>One that cannot be loaded hides no other; it is mentioned where a scheme is not found, because
 * it may be the one that was meant.
 */
public final class Providers<P> {

  private static final Map<String, String> STORE_ARTIFACTS =
      Map.of("s3", "backup-store-s3", "gs", "backup-store-gcs", "gcs", "backup-store-gcs");

  private static final Map<String, String> SOURCE_ARTIFACTS =
      Map.of(
          "file", "backup-source-files",
          "command", "backup-source-stream",
          "jdbc", "backup-source-jdbc",
          "elasticsearch", "backup-source-elasticsearch",
          "opensearch", "backup-source-elasticsearch");

  /** A loader that only fails must not be asked for ever. */
  private static final int MOST_BROKEN = 100;

  private final String kind;
  private final Map<String, String> artifacts;
  private final Map<String, List<P>> found = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();

  Providers(String kind, Map<String, String> artifacts) {
    this.kind = kind;
    this.artifacts = artifacts;
  }

  /** What can open stores. */
  public static Providers<StoreProvider> stores() {
    return new Providers<StoreProvider>("store", STORE_ARTIFACTS)
        .load(StoreProvider.class, StoreProvider::scheme);
  }

  /** What can make sources. */
  public static Providers<SourceProvider> sources() {
    return new Providers<SourceProvider>("source", SOURCE_ARTIFACTS)
        .load(SourceProvider.class, SourceProvider::scheme);
  }

  /** What can make targets. */
  public static Providers<TargetProvider> targets() {
    return new Providers<TargetProvider>("target", SOURCE_ARTIFACTS)
        .load(TargetProvider.class, TargetProvider::scheme);
  }

  /** All schemes, ascending. */
  public List<String> schemes() {
    return List.copyOf(found.keySet());
  }

  /**
   * The provider of a scheme.
   *
   * @throws ConfigurationException if there is none, naming the artifact to add, or more than one
   */
  public P forScheme(String scheme) {
    List<P> providers = found.getOrDefault(scheme, List.of());
    if (providers.size() == 1) {
      return providers.get(0);
    }
    throw new ConfigurationException(
        providers.isEmpty() ? missing(scheme) : twice(scheme, providers));
  }

  private String missing(String scheme) {
    StringBuilder message =
        new StringBuilder("There is no ").append(kind).append(" for '").append(scheme).append(':');
    message.append("' on the class path");
    if (artifacts.containsKey(scheme)) {
      message.append("; add the artifact dev.varve:").append(artifacts.get(scheme));
    }
    message.append(found.isEmpty() ? "; there are none" : "; there are " + schemes());
    if (!broken.isEmpty()) {
      message
          .append("; these could not be loaded: ")
          .append(String.join(", ", new LinkedHashSet<>(broken)));
    }
    return message.toString();
  }

  private String twice(String scheme, List<P> providers) {
    List<String> names = providers.stream().map(p -> p.getClass().getName()).toList();
    return String.format(
        "More than one %s for '%s:' is on the class path: %s; remove all but one",
        kind, scheme, String.join(" and ", names));
  }

  Providers<P> load(Class<P> type, Function<P, String> scheme) {
    load(ServiceLoader.load(type), scheme);
    load(ServiceLoader.load(type, Providers.class.getClassLoader()), scheme);
    return this;
  }

  private void load(ServiceLoader<P> loader, Function<P, String> scheme) {
    Iterator<P> providers = loader.iterator();
    boolean more = true;
    while (more && broken.size() < MOST_BROKEN) {
      try {
        more = providers.hasNext();
        if (more) {
          P provider = providers.next();
          add(scheme.apply(provider), provider);
        }
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        // The iterator goes on behind the one that failed.
        mention(e);
      }
    }
  }

  private void add(String scheme, P provider) {
    List<P> providers = found.computeIfAbsent(scheme, s -> new ArrayList<>());
    String name = provider.getClass().getName();
    if (providers.stream().noneMatch(p -> p.getClass().getName().equals(name))) {
      providers.add(provider);
    }
  }

  private void mention(Throwable e) {
    Optional<Throwable> cause = Optional.ofNullable(e.getCause());
    broken.add(e.getMessage() + cause.map(c -> ": " + c).orElse(""));
  }
}
