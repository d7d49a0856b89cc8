package dev.varve.source;

import dev.varve.Location;
import dev.varve.Options;
import java.util.List;

/**
 * Makes sources from locations; found by {@link java.util.ServiceLoader}. Loading one does nothing;
 * it translates locations and options into the source's own builder, so that one place validates.
 * The options {@code name} and {@code host} set the identity and are understood by every provider.
 */
public interface SourceProvider {

  /** The scheme of the locations it understands, lower-case, e.g. {@code jdbc}. */
  String scheme();

  /**
   * Makes one source of all these locations; most providers take exactly one, see {@link
   * Location#only}.
   *
   * @throws dev.varve.ConfigurationException if locations or options cannot be used; calls {@link
   *     Options#allRead()}
   */
  Source create(List<Location> locations, Options options);
}
