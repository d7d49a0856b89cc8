package dev.varve.target;

import dev.varve.Location;
import dev.varve.Options;

/**
 * Makes targets from locations; found by {@link java.util.ServiceLoader}. Loading one does nothing;
 * it translates location and options into the target's own builder, so that one place validates.
 */
public interface TargetProvider {

  /** The scheme of the locations it understands, lower-case, e.g. {@code jdbc}. */
  String scheme();

  /**
   * Makes a target.
   *
   * @throws dev.varve.ConfigurationException if location or options cannot be used; calls {@link
   *     Options#allRead()}
   */
  Target create(Location location, Options options);
}
