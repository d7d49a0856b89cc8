package dev.varve.store.s3;

import dev.varve.RefusedException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Items in a bucket of Amazon S3 or of a server that speaks like it, one request each, or one for
 * many that are deleted. Safe for use by many threads, and by many processes on one place unless
 * {@linkplain S3StoreBuilder#exclusive exclusive}. Tries nothing again by itself: the engine does.
 *
 * <p>Before the first item is created, the server is asked whether it respects {@code
 * If-None-Match}; one that does not is refused. Readers need no right to write.
 */
public final class S3Store implements Store {

  /** Not a key, so that no listing shows it. */
  private static final String PROBE = ".varve-probe";

  private static final Body PROBE_BODY =
      Body.of(
          "By writing this twice Varve sees whether the server respects If-None-Match.\n"
              .getBytes(StandardCharsets.US_ASCII));

  private static final int STRIPES = 64;

  private final Place place;
  private final Connection.Opened connection;
  private final S3Client client;
  private final Writing writing;
  private final boolean exclusive;
  private final Failures failures;
  private final Listing listing;
  private final BulkDelete bulkDelete;
  private final Object probing = new Object();
  private final Object[] stripes = new Object[STRIPES];
  private volatile boolean proven;
  private volatile boolean deletesSingly;
  private volatile boolean closed;

  S3Store(
      Place place,
      Connection.Opened connection,
      Writing writing,
      boolean listsByVersion1,
      boolean exclusive) {
    this.place = place;
    this.connection = connection;
    this.client = connection.client();
    this.writing = writing;
    this.exclusive = exclusive;
    this.failures = new Failures(place);
    this.listing = new Listing(client, place, listsByVersion1);
    this.bulkDelete = new BulkDelete(client, place, failures);
    Arrays.setAll(stripes, i -> new Object());
  }

  /** A store to be described. */
  public static S3StoreBuilder builder() {
    return new S3StoreBuilder();
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Store.requireKey(key);
    if (!exclusive) {
      requireConditions();
      return put(key, body, true);
    }
    synchronized (stripes[Math.floorMod(key.hashCode(), STRIPES)]) {
      if (exists(key)) {
        throw new FileAlreadyExistsException(key);
      }
      return put(key, body, false);
    }
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Store.requireKey(key);
    if (offset < 0) {
      throw new IllegalArgumentException("Offset into '" + key + "' is negative: " + offset);
    }
    if (!into.hasRemaining()) {
      // No range can be written that has no bytes.
      if (!exists(key)) {
        throw new NoSuchFileException(key);
      }
      return;
    }
    String range = "bytes=" + offset + "-" + (offset + into.remaining() - 1);
    ask(
        "read",
        key,
        () -> {
          Range wanted = new Range(key, offset, into);
          wanted.fill(
              client.getObject(r -> r.bucket(place.bucket()).key(place.name(key)).range(range)));
          return wanted;
        });
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return ask("list", prefix, () -> listing.page(prefix, startAfter));
  }

  @Override
  public void delete(String key) throws IOException {
    Store.requireKey(key);
    ask(
        "delete",
        key,
        () -> client.deleteObject(r -> r.bucket(place.bucket()).key(place.name(key))));
  }

  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    keys.forEach(Store::requireKey);
    Map<String, IOException> undeleted = new LinkedHashMap<>();
    List<String> rest = List.copyOf(keys);
    while (!rest.isEmpty()) {
      List<String> next = rest.subList(0, Math.min(BulkDelete.MOST_KEYS, rest.size()));
      rest = rest.subList(next.size(), rest.size());
      undeleted.putAll(
          deletesSingly || next.size() == 1 ? Store.super.deleteAll(next) : deleteTogether(next));
    }
    return undeleted;
  }

  private Map<String, IOException> deleteTogether(List<String> keys) {
    try {
      return ask("delete", keys.size() + " items", () -> bulkDelete.send(keys));
    } catch (IOException failure) {
      if (Failures.isUnknownOrDenied(failure)) {
        deletesSingly = true;
        return Store.super.deleteAll(keys);
      }
      Map<String, IOException> undeleted = new LinkedHashMap<>();
      keys.forEach(key -> undeleted.put(key, failure));
      return undeleted;
    }
  }

  @Override
  public Optional<Duration> protection() {
    return writing.retention();
  }

  @Override
  public void protect(String key) throws IOException {
    Store.requireKey(key);
    ObjectLockRetention until = writing.retentionFrom(Instant.now());
    try {
      ask(
          "keep",
          key,
          () ->
              client.putObjectRetention(
                  r -> r.bucket(place.bucket()).key(place.name(key)).retention(until)));
    } catch (AccessDeniedException e) {
      // Shortening is denied to everybody: then it is kept for longer already.
      if (!isKeptUntil(key, until.retainUntilDate())) {
        throw e;
      }
    }
  }

  private boolean isKeptUntil(String key, Instant time) throws IOException {
    try {
      GetObjectRetentionResponse there =
          ask(
              "look at the lock of",
              key,
              () -> client.getObjectRetention(r -> r.bucket(place.bucket()).key(place.name(key))));
      return !there.retention().retainUntilDate().isBefore(time);
    } catch (AccessDeniedException | RefusedException cannotSay) {
      return false;
    }
  }

  @Override
  public void close() {
    synchronized (probing) {
      if (!closed) {
        closed = true;
        connection.closing().run();
      }
    }
  }

  @Override
  public String toString() {
    return place.toString();
  }

  private Stored put(String key, Body body, boolean onlyIfAbsent) throws IOException {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(place.name(key))
            .contentLength(body.length())
            .overrideConfiguration(o -> o.apiCallAttemptTimeout(Pace.longest(body.length())));
    writing.apply(key, body, Instant.now(), put);
    if (onlyIfAbsent) {
      put.ifNoneMatch("*");
    }
    PutObjectResponse response =
        ask(
            "create",
            key,
            () -> {
              try {
                return client.putObject(put.build(), requestBody(body));
              } catch (SdkException e) {
                throw onlyIfAbsent && isConflict(e) && exists(key) ? alreadyExists(key, e) : e;
              }
            });
    return new Stored(key, body.length(), time(response));
  }

  private RequestBody requestBody(Body body) {
    AtomicBoolean signed = new AtomicBoolean(!connection.readsBodiesTwice());
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return (signed.getAndSet(true) ? body : body.local()).open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        body.length(),
        "application/octet-stream");
  }

  /** Another creation of the same name was under way; this one was not applied. */
  private static boolean isConflict(SdkException e) {
    return Failures.code(e).equals("ConditionalRequestConflict");
  }

  private static UncheckedIOException alreadyExists(String key, SdkException e) {
    FileAlreadyExistsException exists = new FileAlreadyExistsException(key);
    exists.initCause(e);
    return new UncheckedIOException(exists);
  }

  /** The server's clock, which also dates the item, a moment later. */
  private static Instant time(PutObjectResponse response) {
    return Optional.ofNullable(response.sdkHttpResponse())
        .flatMap(http -> http.firstMatchingHeader("Date"))
        .flatMap(Failures::time)
        .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private boolean exists(String key) throws IOException {
    try {
      ask(
          "look for",
          key,
          () -> client.headObject(r -> r.bucket(place.bucket()).key(place.name(key))));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** One request, or two the first time in a bucket: the item stays for those who come later. */
  private void requireConditions() throws IOException {
    if (proven) {
      return;
    }
    synchronized (probing) {
      if (!proven && isProbeCreated() && isProbeCreated()) {
        throw new RefusedException(
            "The server of "
                + place
                + " creates items that exist already (it ignores If-None-Match), so that several"
                + " writers would lose each other's snapshots. Use a server that has conditional"
                + " writes, or give option 'exclusive=true' if only one process ever writes there");
      }
      proven = true;
    }
  }

  private boolean isProbeCreated() throws IOException {
    try {
      put(PROBE, PROBE_BODY, true);
      return true;
    } catch (FileAlreadyExistsException respected) {
      return false;
    }
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T ask(String attempt, String key, Request<T> request) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    try {
      return request.send();
    } catch (SdkException e) {
      throw failures.of(attempt, key, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IllegalStateException e) {
      if (closed) {
        throw new ClosedChannelException();
      }
      throw e;
    }
  }
}
