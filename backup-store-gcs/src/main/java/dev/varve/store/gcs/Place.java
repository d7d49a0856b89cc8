package dev.varve.store.gcs;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import java.util.regex.Pattern;

/**
 * A bucket and what all keys of a store in it begin with. Immutable.
 *
 * @param bucket its name
 * @param prefix empty, or ends in a slash
 */
record Place(String bucket, String prefix) {

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9!_.*'()-]+/)*");

  /** Names may have 1024 bytes, and the store's own keys 200 of them. */
  private static final int LONGEST_PREFIX = 800;

  Place {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new ConfigurationException(
          "'" + bucket + "' is no bucket's name; give gs://BUCKET or gs://BUCKET/PREFIX");
    }
    if (!PREFIX.matcher(prefix).matches() || prefix.length() > LONGEST_PREFIX) {
      throw new ConfigurationException(
          "'"
              + prefix
              + "' cannot be a prefix; use letters, digits and ! _ . * ' ( ) - with single slashes"
              + " between");
    }
  }

  /**
   * The bucket {@code bucket} and what of it lies below {@code prefix}, slashes around it or not.
   */
  static Place of(String bucket, String prefix) {
    String trimmed = prefix.replaceAll("^/|/$", "");
    return new Place(bucket, trimmed.isEmpty() ? "" : trimmed + "/");
  }

  /** The place that {@code gs://bucket/prefix} names. */
  static Place of(Location location) {
    String rest = location.rest();
    if (!rest.startsWith("//")) {
      throw new ConfigurationException(
          "Location '" + location + "' names no bucket; give gs://BUCKET or gs://BUCKET/PREFIX");
    }
    int slash = rest.indexOf('/', 2);
    return slash < 0
        ? of(rest.substring(2), "")
        : of(rest.substring(2, slash), rest.substring(slash));
  }

  /** The name in the bucket of an item. */
  String name(String key) {
    return prefix + key;
  }

  /** The item's key of a name in the bucket that begins with the prefix. */
  String key(String name) {
    return name.substring(prefix.length());
  }

  @Override
  public String toString() {
    return "gs://"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
  }
}
