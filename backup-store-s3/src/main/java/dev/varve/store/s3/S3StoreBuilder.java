package dev.varve.store.s3;

import dev.varve.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * Describes an {@link S3Store}. Used by one thread. A bucket is all that must be named; credentials
 * then come from where Amazon's SDK looks for them. Prints nothing of itself: it may hold secrets.
 */
public final class S3StoreBuilder {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve.store");

  private static final int DEFAULT_CONNECTIONS = 64;
  private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(30);
  private static final int MOST_LOCK_DAYS = 36_500;

  /** Readable only after hours; nothing but data would be kept in them. */
  private static final Set<StorageClass> ELSEWHERE =
      Set.of(
          StorageClass.OUTPOSTS,
          StorageClass.SNOW,
          StorageClass.EXPRESS_ONEZONE,
          StorageClass.FSX_OPENZFS,
          StorageClass.FSX_ONTAP,
          StorageClass.AWS_BACKUP_WARM,
          StorageClass.AWS_BACKUP_LOW_COST_WARM,
          StorageClass.UNKNOWN_TO_SDK_VERSION);

  private Optional<Place> place = Optional.empty();
  private Optional<URI> endpoint = Optional.empty();
  private Optional<String> region = Optional.empty();
  private boolean pathStyle;
  private Digests digests = Digests.CRC32C;
  private Optional<Path> certificates = Optional.empty();
  private int maxConnections = DEFAULT_CONNECTIONS;
  private Duration silence = DEFAULT_SILENCE;
  private Optional<String> profile = Optional.empty();
  private Optional<Path> credentialsFile = Optional.empty();
  private Optional<String> role = Optional.empty();
  private Optional<AwsCredentialsProvider> credentials = Optional.empty();
  private Optional<String> storageClass = Optional.empty();
  private Optional<String> encryption = Optional.empty();
  private Optional<String> kmsKey = Optional.empty();
  private Optional<ObjectLockMode> lockMode = Optional.empty();
  private Duration lockTime = Duration.ZERO;
  private boolean listsByVersion1;
  private boolean exclusive;

  S3StoreBuilder() {}

  /** All of a bucket. */
  public S3StoreBuilder bucket(String bucket) {
    return bucket(bucket, "");
  }

  /** What lies below a prefix of a bucket, e.g. {@code backups/orders}. */
  public S3StoreBuilder bucket(String bucket, String prefix) {
    return place(Place.of(bucket, prefix));
  }

  S3StoreBuilder place(Place place) {
    this.place = Optional.of(place);
    return this;
  }

  /** The bucket's region, e.g. {@code eu-central-1}; else what environment or profile say. */
  public S3StoreBuilder region(String region) {
    this.region = Optional.of(region);
    return this;
  }

  /** A server other than Amazon's, e.g. {@code https://minio.example.org:9000}. */
  public S3StoreBuilder endpoint(String url) {
    String whole = url.contains("://") ? url : "https://" + url;
    try {
      URI uri = new URI(whole);
      boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null;
      if (uri.getHost() == null || !plain || !uri.getScheme().matches("https?")) {
        throw unusable("endpoint", "a URL like https://s3.example.org:9000, without credentials");
      }
      endpoint = Optional.of(uri);
    } catch (URISyntaxException e) {
      throw unusable("endpoint", "a URL like https://s3.example.org:9000");
    }
    return this;
  }

  /**
   * Puts the bucket into the path of URLs, not into the host's name, as most other servers want.
   */
  public S3StoreBuilder pathStyleAccess(boolean pathStyle) {
    this.pathStyle = pathStyle;
    return this;
  }

  /**
   * The class that data packs are kept in, e.g. {@code STANDARD_IA} or {@code GLACIER_IR}; all else
   * stays in the bucket's standard class, because every run reads it.
   */
  public S3StoreBuilder storageClass(String name) {
    StorageClass known = StorageClass.fromValue(name.toUpperCase(Locale.ROOT));
    if (ELSEWHERE.contains(known)) {
      throw unusable(
          "storage-class",
          "STANDARD, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER,"
              + " DEEP_ARCHIVE or REDUCED_REDUNDANCY");
    }
    storageClass = Optional.of(known.toString());
    return this;
  }

  /** Encryption by the server besides Varve's own: {@code AES256}, {@code aws:kms} or its kin. */
  public S3StoreBuilder serverSideEncryption(String name) {
    ServerSideEncryption known = ServerSideEncryption.fromValue(name);
    if (known == ServerSideEncryption.UNKNOWN_TO_SDK_VERSION) {
      throw unusable("server-side-encryption", "AES256, aws:kms or aws:kms:dsse");
    }
    encryption = Optional.of(known.toString());
    return this;
  }

  /** Encryption by the server with this key of its key service. */
  public S3StoreBuilder kmsKey(String id) {
    kmsKey = Optional.of(id);
    encryption = encryption.or(() -> Optional.of(ServerSideEncryption.AWS_KMS.toString()));
    return this;
  }

  /** A profile of the files below {@code ~/.aws}. */
  public S3StoreBuilder profile(String name) {
    profile = Optional.of(name);
    return this;
  }

  /** A file written like {@code ~/.aws/credentials}. */
  public S3StoreBuilder credentialsFile(Path file) {
    credentialsFile = Optional.of(file);
    return this;
  }

  /** A role to take on, by its ARN. */
  public S3StoreBuilder role(String arn) {
    role = Optional.of(arn);
    return this;
  }

  /** Credentials that the program has from elsewhere. */
  public S3StoreBuilder credentials(String accessKey, String secretKey) {
    return credentials(
        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
  }

  /** Credentials as Amazon's SDK provides them, e.g. ones that renew themselves. */
  public S3StoreBuilder credentials(AwsCredentialsProvider provider) {
    credentials = Optional.of(provider);
    return this;
  }

  /**
   * By what the server compares what arrives: {@code crc32c} (the default), {@code md5} for old
   * servers that know no other, or {@code none}.
   */
  public S3StoreBuilder requestChecksums(String name) {
    digests =
        Arrays.stream(Digests.values())
            .filter(one -> one.word().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    unusable(
                        "request-checksums",
                        Arrays.stream(Digests.values())
                            .map(Digests::word)
                            .collect(Collectors.joining(" or "))));
    return this;
  }

  /** A file in PEM form with the authorities to trust, instead of those the JDK knows. */
  public S3StoreBuilder tlsAuthorities(Path file) {
    certificates = Optional.of(file);
    return this;
  }

  /** How many requests may run at once, from 1 to 1000; 64 unless set. */
  public S3StoreBuilder maxConnections(int connections) {
    if (connections < 1 || connections > 1000) {
      throw unusable("max-connections", "a number from 1 to 1000");
    }
    maxConnections = connections;
    return this;
  }

  /** How long a server may say nothing before it is taken for dead. */
  S3StoreBuilder silence(Duration silence) {
    this.silence = silence;
    return this;
  }

  /** Lists by the first version of that request, for very old servers. */
  public S3StoreBuilder listVersion1() {
    listsByVersion1 = true;
    return this;
  }

  /**
   * Says that no other process writes to this place, so that a server that ignores conditions will
   * do. If that is not so, snapshots get lost.
   */
  public S3StoreBuilder exclusive() {
    exclusive = true;
    return this;
  }

  /**
   * Keeps packs, log and keys from being deleted or replaced for some days by anybody at all
   * ({@code compliance}) or by all without a special permission ({@code governance}). The bucket
   * must have been made with object lock.
   *
   * @param days from 1 to 36500
   */
  public S3StoreBuilder objectLock(String mode, int days) {
    ObjectLockMode known = ObjectLockMode.fromValue(mode.toUpperCase(Locale.ROOT));
    if (known == ObjectLockMode.UNKNOWN_TO_SDK_VERSION) {
      throw unusable("object-lock", "governance or compliance");
    }
    if (days < 1 || days > MOST_LOCK_DAYS) {
      throw unusable("object-lock-days", "a number from 1 to " + MOST_LOCK_DAYS);
    }
    lockMode = Optional.of(known);
    lockTime = Duration.ofDays(days);
    return this;
  }

  /** What never leaves this machine cannot be listened to. */
  private static void warnIfPlain(URI endpoint) {
    if (endpoint.getScheme().equals("http")
        && !endpoint.getHost().matches("localhost|127\\..*|\\[::1]")) {
      LOG.warn(
          "Requests to {} are not encrypted: whoever listens sees names and sizes of items, though"
              + " no contents and no secret key. Use https if the server has it",
          endpoint);
    }
  }

  /**
   * The store, without asking the server anything yet.
   *
   * @throws ConfigurationException if it cannot be like this
   */
  public S3Store build() {
    Place where =
        place.orElseThrow(() -> new ConfigurationException("No bucket is given; name one"));
    if (kmsKey.isPresent() && encryption.equals(Optional.of("AES256"))) {
      throw new ConfigurationException(
          "A key of the key service goes with server-side-encryption aws:kms, not AES256");
    }
    Connection connection =
        new Connection(
            endpoint,
            region,
            pathStyle,
            digests,
            certificates,
            maxConnections,
            silence,
            profile,
            credentialsFile,
            role,
            credentials);
    endpoint.ifPresent(S3StoreBuilder::warnIfPlain);
    Writing writing = new Writing(digests, storageClass, encryption, kmsKey, lockMode, lockTime);
    return new S3Store(where, connection.open(), writing, listsByVersion1, exclusive);
  }

  @Override
  public String toString() {
    return place.map(Place::toString).orElse("an S3 store");
  }

  private static ConfigurationException unusable(String option, String expected) {
    return new ConfigurationException("Option '" + option + "' for s3 must be " + expected);
  }
}
