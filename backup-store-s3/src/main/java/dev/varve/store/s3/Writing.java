package dev.varve.store.s3;

import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * How items are to be kept once they are written. Immutable.
 *
 * @param digests what the server compares the body with
 * @param storageClass where {@linkplain Body#isCold() cold} items go; others stay in the standard
 *     class
 * @param encryption what the server encrypts with, besides what Varve does itself
 * @param kmsKey which key of the server's
 * @param lockMode how firmly items are kept
 * @param lockTime for how long
 */
record Writing(
    Digests digests,
    Optional<String> storageClass,
    Optional<String> encryption,
    Optional<String> kmsKey,
    Optional<ObjectLockMode> lockMode,
    Duration lockTime) {

  /** For how long items are kept from being deleted, if they are. */
  Optional<Duration> retention() {
    return lockMode.map(mode -> lockTime);
  }

  /** The lock of an item that is to be kept from now on. */
  ObjectLockRetention retentionFrom(Instant now) {
    return ObjectLockRetention.builder()
        .mode(
            lockMode.map(mode -> ObjectLockRetentionMode.fromValue(mode.toString())).orElseThrow())
        .retainUntilDate(now.plus(lockTime).truncatedTo(ChronoUnit.SECONDS))
        .build();
  }

  /** Puts all this on a request. */
  void apply(String key, Body body, Instant now, PutObjectRequest.Builder put) throws IOException {
    digests.add(body, put);
    if (body.isCold()) {
      storageClass.ifPresent(put::storageClass);
    }
    encryption.ifPresent(put::serverSideEncryption);
    kmsKey.ifPresent(put::ssekmsKeyId);
    if (lockMode.isPresent() && Store.isIrreplaceable(key)) {
      put.objectLockMode(lockMode.get()).objectLockRetainUntilDate(now.plus(lockTime));
    }
  }
}
