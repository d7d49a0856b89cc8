package dev.varve.repository;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.StoreReport;
import dev.varve.internal.repair.StoreProbe;
import dev.varve.internal.store.Providers;
import dev.varve.source.Source;
import dev.varve.store.Store;
import dev.varve.target.Target;
import java.util.List;
import java.util.Map;

/**
 * Sources, targets and stores from what a user typed, by the plugins on the class path. Hosts that
 * know what they want use the plugins' own builders instead. Safe for use by many threads.
 */
public final class Plugins {

  private Plugins() {}

  /**
   * One source of all these locations, which are of one scheme.
   *
   * @throws ConfigurationException if no plugin understands them, or it cannot use them
   */
  public static Source source(List<String> locations, Map<String, List<String>> options) {
    List<Location> parsed = locations.stream().map(Location::parse).toList();
    List<String> schemes = parsed.stream().map(Location::scheme).distinct().toList();
    if (schemes.size() != 1) {
      throw new ConfigurationException(
          "The locations of one source are of one kind, not of "
              + schemes
              + "; back them up one by one");
    }
    String scheme = schemes.get(0);
    return Providers.sources().forScheme(scheme).create(parsed, Options.of(scheme, options));
  }

  /**
   * A target.
   *
   * @throws ConfigurationException if no plugin understands the location, or it cannot use it
   */
  public static Target target(String location, Map<String, List<String>> options) {
    Location parsed = Location.parse(location);
    return Providers.targets()
        .forScheme(parsed.scheme())
        .create(parsed, Options.of(parsed.scheme(), options));
  }

  /**
   * A store, for hosts that put one of their own around it; {@link Repository} opens locations by
   * itself.
   *
   * @throws ConfigurationException if no plugin understands the location, or it cannot be used
   * @throws dev.varve.StoreException if the store cannot be opened
   */
  public static Store store(String location, Map<String, List<String>> options) {
    Location parsed = Location.parse(location);
    return Verbs.run(
        "Opening the store " + parsed,
        () ->
            Providers.stores()
                .forScheme(parsed.scheme())
                .open(parsed, Options.of(parsed.scheme(), options)));
  }

  /**
   * Asks the store at a location by small items, which it deletes again, whether it does what
   * repositories need. Several minutes on slow lines.
   *
   * @throws ConfigurationException if no plugin understands the location, or it cannot be used
   * @throws dev.varve.StoreException if the store cannot be opened
   */
  public static StoreReport checkStore(String location, Map<String, List<String>> options) {
    return Verbs.run(
        "Checking the store " + Location.parse(location),
        () -> {
          try (Store store = store(location, options)) {
            return new StoreProbe(store).run();
          }
        });
  }

  /** The schemes of sources there are. */
  public static List<String> sourceSchemes() {
    return Providers.sources().schemes();
  }

  /** The schemes of targets there are. */
  public static List<String> targetSchemes() {
    return Providers.targets().schemes();
  }

  /** The schemes of stores there are. */
  public static List<String> storeSchemes() {
    return Providers.stores().schemes();
  }
}
