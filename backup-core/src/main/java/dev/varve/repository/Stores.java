package dev.varve.repository;

import dev.varve.Location;
import dev.varve.Options;
import dev.varve.internal.store.Providers;
import dev.varve.store.Store;

/** Opens stores from locations. Stateless. */
final class Stores {

  private Stores() {}

  static Store open(String location, RepositoryOptions options) {
    Location parsed = Location.parse(location);
    return Verbs.run(
        "Opening the store " + parsed,
        () ->
            Providers.stores()
                .forScheme(parsed.scheme())
                .open(parsed, Options.of(parsed.scheme(), options.storeOptions())));
  }
}
