package dev.varve.store.gcs;

import com.google.auth.Credentials;
import com.google.cloud.storage.BlobInfo.Retention;
import com.google.cloud.storage.StorageClass;
import dev.varve.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Describes a {@link GcsStore}. Used by one thread. A bucket is all that must be named; credentials
 * then come from where Google's libraries look for them. Prints nothing of itself: it may hold
 * secrets.
 */
public final class GcsStoreBuilder {

  private static final int DEFAULT_CONNECTIONS = 64;
  private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(30);
  private static final int MOST_RETENTION_DAYS = 36_500;

  private static final List<StorageClass> CLASSES =
      List.of(
          StorageClass.STANDARD,
          StorageClass.NEARLINE,
          StorageClass.COLDLINE,
          StorageClass.ARCHIVE);

  private Optional<Place> place = Optional.empty();
  private Optional<URI> endpoint = Optional.empty();
  private Optional<String> project = Optional.empty();
  private int maxConnections = DEFAULT_CONNECTIONS;
  private Duration silence = DEFAULT_SILENCE;
  private boolean anonymous;
  private Optional<Path> credentialsFile = Optional.empty();
  private Optional<Credentials> credentials = Optional.empty();
  private Optional<StorageClass> storageClass = Optional.empty();
  private Optional<String> kmsKey = Optional.empty();
  private Optional<Retention.Mode> retention = Optional.empty();
  private Duration retentionTime = Duration.ZERO;
  private Optional<Hold> hold = Optional.empty();

  GcsStoreBuilder() {}

  /** All of a bucket. */
  public GcsStoreBuilder bucket(String bucket) {
    return bucket(bucket, "");
  }

  /** What lies below a prefix of a bucket, e.g. {@code backups/orders}. */
  public GcsStoreBuilder bucket(String bucket, String prefix) {
    return place(Place.of(bucket, prefix));
  }

  GcsStoreBuilder place(Place place) {
    this.place = Optional.of(place);
    return this;
  }

  /** A server other than Google's, e.g. {@code http://localhost:4443}, or a private endpoint. */
  public GcsStoreBuilder endpoint(String url) {
    String whole = url.contains("://") ? url : "https://" + url;
    try {
      URI uri = new URI(whole);
      boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null;
      if (uri.getHost() == null || !plain || !uri.getScheme().matches("https?")) {
        throw unusable("endpoint", "a URL like https://storage.example.org, without credentials");
      }
      endpoint = Optional.of(uri);
    } catch (URISyntaxException e) {
      throw unusable("endpoint", "a URL like https://storage.example.org");
    }
    return this;
  }

  /**
   * The project that pays and whose quota counts: for buckets where the requester pays, and for
   * credentials of people. Else it is the bucket's or the service account's.
   */
  public GcsStoreBuilder project(String id) {
    project = Optional.of(id);
    return this;
  }

  /**
   * The class that data packs are kept in: {@code NEARLINE}, {@code COLDLINE} or {@code ARCHIVE};
   * all else stays in the bucket's default class, because every run reads it.
   */
  public GcsStoreBuilder storageClass(String name) {
    storageClass =
        CLASSES.stream()
            .filter(one -> one.toString().equals(name.toUpperCase(Locale.ROOT)))
            .findFirst();
    if (storageClass.isEmpty()) {
      throw unusable("storage-class", "STANDARD, NEARLINE, COLDLINE or ARCHIVE");
    }
    return this;
  }

  /**
   * Encryption by the server with this key of its key service, besides Varve's own, e.g. {@code
   * projects/P/locations/L/keyRings/R/cryptoKeys/K}.
   */
  public GcsStoreBuilder kmsKey(String name) {
    if (!name.matches("projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")) {
      throw unusable("kms-key", "written projects/P/locations/L/keyRings/R/cryptoKeys/K");
    }
    kmsKey = Optional.of(name);
    return this;
  }

  /** A file with credentials in JSON: a service account's key, or how to become one. */
  public GcsStoreBuilder credentialsFile(Path file) {
    credentialsFile = Optional.of(file);
    return this;
  }

  /** Credentials that the program has from elsewhere. */
  public GcsStoreBuilder credentials(Credentials credentials) {
    this.credentials = Optional.of(credentials);
    return this;
  }

  /** Sends no credentials, for servers that want none. */
  public GcsStoreBuilder anonymous() {
    anonymous = true;
    return this;
  }

  /** How many requests may run at once, from 1 to 1000; 64 unless set. */
  public GcsStoreBuilder maxConnections(int connections) {
    if (connections < 1 || connections > 1000) {
      throw unusable("max-connections", "a number from 1 to 1000");
    }
    maxConnections = connections;
    return this;
  }

  /** How long a server may say or take nothing before it is taken for dead; 30 s unless set. */
  public GcsStoreBuilder timeout(Duration silence) {
    if (silence.compareTo(Duration.ofMillis(100)) < 0
        || silence.compareTo(Duration.ofHours(1)) > 0) {
      throw unusable("timeout-seconds", "at least 0.1 seconds and at most an hour");
    }
    this.silence = silence;
    return this;
  }

  /**
   * Keeps packs, log and keys from being deleted or replaced for some days by anybody at all
   * ({@code locked}) or by all without a special permission ({@code unlocked}). The bucket must
   * have been made with object retention.
   *
   * @param days from 1 to 36500
   */
  public GcsStoreBuilder retention(String mode, int days) {
    retention =
        List.of(Retention.Mode.LOCKED, Retention.Mode.UNLOCKED).stream()
            .filter(one -> one.toString().equalsIgnoreCase(mode))
            .findFirst();
    if (retention.isEmpty()) {
      throw unusable("retention", "locked or unlocked");
    }
    if (days < 1 || days > MOST_RETENTION_DAYS) {
      throw unusable("retention-days", "a number from 1 to " + MOST_RETENTION_DAYS);
    }
    retentionTime = Duration.ofDays(days);
    return this;
  }

  /**
   * Puts a hold on packs, log and keys, {@code temporary} or {@code event-based}, so that nothing
   * deletes them that does not lift it first; {@link GcsStore#delete} does.
   */
  public GcsStoreBuilder hold(String kind) {
    hold = Arrays.stream(Hold.values()).filter(one -> one.word().equals(kind)).findFirst();
    if (hold.isEmpty()) {
      throw unusable("hold", "temporary or event-based");
    }
    return this;
  }

  /**
   * The store, without asking the server anything yet.
   *
   * @throws ConfigurationException if it cannot be like this
   */
  public GcsStore build() {
    Place where =
        place.orElseThrow(() -> new ConfigurationException("No bucket is given; name one"));
    if (anonymous && (credentials.isPresent() || credentialsFile.isPresent())) {
      throw new ConfigurationException(
          "Option 'anonymous' for gs sends no credentials, but some are given; leave one out");
    }
    Connection connection =
        new Connection(
            endpoint, project, maxConnections, silence, anonymous, credentialsFile, credentials);
    Writing writing = new Writing(storageClass, kmsKey, retention, retentionTime, hold);
    return new GcsStore(where, connection.open(), writing, endpoint.isEmpty());
  }

  @Override
  public String toString() {
    return place.map(Place::toString).orElse("a Google Cloud Storage store");
  }

  private static ConfigurationException unusable(String option, String expected) {
    return new ConfigurationException("Option '" + option + "' for gs must be " + expected);
  }
}
