package dev.varve.store.gcs;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BlobInfo.Retention;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageClass;
import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How items are to be kept once they are written. Immutable.
 *
 * @param storageClass where {@linkplain Body#isCold() cold} items go; others stay in the bucket's
 * @param kmsKey what the server encrypts with, besides what Varve does itself
 * @param retention how firmly items are kept
 * @param retentionTime for how long
 * @param hold what keeps items until it is lifted
 */
record Writing(
    Optional<StorageClass> storageClass,
    Optional<String> kmsKey,
    Optional<Retention.Mode> retention,
    Duration retentionTime,
    Optional<Hold> hold) {

  /** Whether an item may bear a hold that has to be lifted before it can be deleted. */
  boolean isHeld(String key) {
    return hold.isPresent() && Store.isIrreplaceable(key);
  }

  /** How an item is to be retained from now on. */
  Retention retentionFrom(Instant now) {
    return Retention.newBuilder()
        .setMode(retention.orElseThrow())
        .setRetainUntilTime(
            now.plus(retentionTime).truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC))
        .build();
  }

  /** What the server is told of an item; reads the body. */
  BlobInfo describe(BlobId id, String key, Body body, Instant now) throws IOException {
    BlobInfo.Builder item =
        BlobInfo.newBuilder(id).setContentType(GcsStore.TYPE).setCrc32c(Digest.crc32c(body));
    if (body.isCold()) {
      storageClass.ifPresent(item::setStorageClass);
    }
    if (Store.isIrreplaceable(key)) {
      if (retention.isPresent()) {
        item.setRetention(retentionFrom(now));
      }
      hold.ifPresent(kind -> kind.put(item));
    }
    return item.build();
  }

  /** How it is sent: only if there is none, compared on arrival, not compressed once more. */
  BlobWriteOption[] options() {
    List<BlobWriteOption> all =
        new ArrayList<>(
            List.of(
                BlobWriteOption.doesNotExist(),
                BlobWriteOption.crc32cMatch(),
                BlobWriteOption.disableGzipContent()));
    kmsKey.ifPresent(key -> all.add(BlobWriteOption.kmsKeyName(key)));
    return all.toArray(BlobWriteOption[]::new);
  }
}
