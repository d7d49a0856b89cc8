package dev.varve.store;

import dev.varve.Location;
import dev.varve.Options;
import java.io.IOException;

/**
 * Opens stores from locations; found by {@link java.util.ServiceLoader}. Loading one does nothing;
 * it translates location and options into the store's own builder, so that one place validates.
 */
public interface StoreProvider {

  /** The scheme of the locations it opens, lower-case, e.g. {@code s3}. */
  String scheme();

  /**
   * Opens the place, creating nothing in it.
   *
   * @throws dev.varve.ConfigurationException if location or options cannot be used; calls {@link
   *     Options#allRead()}
   * @throws IOException if the place cannot be reached, or cannot keep what {@link Store} promises
   */
  Store open(Location location, Options options) throws IOException;
}
