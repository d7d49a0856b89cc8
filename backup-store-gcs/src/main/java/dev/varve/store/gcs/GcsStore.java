package dev.varve.store.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BlobInfo.Retention;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.StorageException;
import dev.varve.RefusedException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Items in a bucket of Google Cloud Storage, one request each, or one for up to a hundred that are
 * deleted. Safe for use by many threads, and by many processes on one place. Tries nothing again by
 * itself: the engine does.
 *
 * <p>Before the first item is created in a server other than Google's, it is asked whether it
 * respects {@code ifGenerationMatch}; one that does not is refused. Readers need no right to write.
 */
public final class GcsStore implements Store {

  /** What all items are to the server. */
  static final String TYPE = "application/octet-stream";

  /** Not a key, so that no listing shows it. */
  private static final String PROBE = ".varve-probe";

  private static final Body PROBE_BODY =
      Body.of(
          "By writing this twice Varve sees whether the server respects ifGenerationMatch.\n"
              .getBytes(StandardCharsets.US_ASCII));

  private final Place place;
  private final Connection.Opened connection;
  private final Storage client;
  private final Writing writing;
  private final Failures failures;
  private final Listing listing;
  private final Batches batches;
  private final Object probing = new Object();
  private volatile boolean proven;
  private volatile boolean deletesSingly;
  private volatile boolean closed;

  GcsStore(Place place, Connection.Opened connection, Writing writing, boolean proven) {
    this.place = place;
    this.connection = connection;
    this.client = connection.client();
    this.writing = writing;
    this.proven = proven;
    this.failures = new Failures(place);
    this.listing = new Listing(client, place);
    this.batches = new Batches(client, failures);
  }

  /** A store to be described. */
  public static GcsStoreBuilder builder() {
    return new GcsStoreBuilder();
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Store.requireKey(key);
    requireConditions();
    return put(key, body);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Store.requireKey(key);
    if (offset < 0) {
      throw new IllegalArgumentException("Offset into '" + key + "' is negative: " + offset);
    }
    if (!into.hasRemaining()) {
      // No range can be written that has no bytes.
      requireThere(key);
      return;
    }
    ask(
        "read",
        key,
        () -> {
          try (ReadChannel item = client.reader(id(key))) {
            new Range(key, offset, into).fill(item);
          }
          return key;
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
        () -> {
          if (writing.isHeld(key)) {
            liftHold(key);
          }
          return client.delete(id(key));
        });
  }

  @Override
  public Map<String, IOException> deleteAll(Collection<String> keys) {
    keys.forEach(Store::requireKey);
    if (deletesSingly || keys.size() < 2) {
      return Store.super.deleteAll(keys);
    }
    List<String> held = keys.stream().filter(writing::isHeld).toList();
    try {
      Map<String, IOException> undeleted =
          together("lift the hold of", held, (batch, key) -> batch.update(lifted(key)));
      List<String> free = keys.stream().filter(key -> !undeleted.containsKey(key)).toList();
      undeleted.putAll(together("delete", free, (batch, key) -> batch.delete(id(key))));
      return undeleted;
    } catch (Batches.UnknownException e) {
      deletesSingly = true;
      return Store.super.deleteAll(keys);
    }
  }

  private Map<String, IOException> together(
      String attempt, Collection<String> keys, Batches.Part part) throws Batches.UnknownException {
    return batches.run(
        attempt,
        keys,
        part,
        batch ->
            ask(
                attempt,
                keys.size() + " items",
                () -> {
                  batch.submit();
                  return batch;
                }));
  }

  @Override
  public Optional<Duration> protection() {
    return writing.retention().map(mode -> writing.retentionTime());
  }

  @Override
  public void protect(String key) throws IOException {
    Store.requireKey(key);
    Retention wanted = writing.retentionFrom(Instant.now());
    try {
      ask(
          "keep",
          key,
          () -> client.update(BlobInfo.newBuilder(id(key)).setRetention(wanted).build()));
    } catch (AccessDeniedException | RefusedException e) {
      // Shortening is refused to everybody: then it is kept for longer already.
      if (!isKeptUntil(key, wanted.getRetainUntilTime())) {
        throw e;
      }
    }
  }

  private boolean isKeptUntil(String key, OffsetDateTime time) throws IOException {
    try {
      return ask(
          "look at the retention of",
          key,
          () ->
              Optional.ofNullable(
                      client.get(
                          id(key), BlobGetOption.fields(BlobField.NAME, BlobField.RETENTION)))
                  .map(Blob::getRetention)
                  .map(Retention::getRetainUntilTime)
                  .filter(until -> !until.isBefore(time))
                  .isPresent());
    } catch (AccessDeniedException | RefusedException cannotSay) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (probing) {
      if (!closed) {
        closed = true;
        connection.closing().close();
      }
    }
  }

  @Override
  public String toString() {
    return place.toString();
  }

  private BlobId id(String key) {
    return BlobId.of(place.bucket(), place.name(key));
  }

  // Deprecated because the client cannot try it again, which is just what is wanted here.
  @SuppressWarnings("deprecation")
  private Stored put(String key, Body body) throws IOException {
    BlobInfo item = writing.describe(id(key), key, body, Instant.now());
    Blob created =
        ask(
            "create",
            key,
            () -> {
              try (InputStream in = new PacedInput(body.open(), body.length())) {
                return client.create(item, in, writing.options());
              }
            });
    return new Stored(key, body.length(), Listing.time(created));
  }

  private BlobInfo lifted(String key) {
    BlobInfo.Builder change = BlobInfo.newBuilder(id(key));
    writing.hold().ifPresent(hold -> hold.lift(change));
    return change.build();
  }

  private void liftHold(String key) {
    try {
      client.update(lifted(key));
    } catch (StorageException e) {
      if (e.getCode() != 404) {
        throw e;
      }
    }
  }

  private void requireThere(String key) throws IOException {
    ask(
        "look for",
        key,
        () -> {
          if (client.get(id(key), BlobGetOption.fields(BlobField.NAME)) == null) {
            throw new NoSuchFileException(key);
          }
          return key;
        });
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
                + " creates items that exist already (it ignores ifGenerationMatch), so that"
                + " several writers would lose each other's snapshots. Use a server that respects"
                + " conditions");
      }
      proven = true;
    }
  }

  private boolean isProbeCreated() throws IOException {
    try {
      put(PROBE, PROBE_BODY);
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
    } catch (StorageException e) {
      throw failures.of(attempt, key, e);
    } catch (IOException e) {
      throw e.getCause() instanceof StorageException ? failures.of(attempt, key, e) : e;
    } catch (IllegalStateException e) {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (Failures.isExpiredForGood(e)) {
        throw failures.of(attempt, key, e);
      }
      throw e;
    }
  }
}
