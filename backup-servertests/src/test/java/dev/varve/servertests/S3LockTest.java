package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.store.Body;
import dev.varve.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * Object lock, as far as a server for tests knows it: it keeps what it is told of an item that is
 * there. Of locks that come with a new item it keeps nothing; S3StoreAnswersTest looks at those.
 */
class S3LockTest {

  private final TestServer server = TestServer.s3Mock();
  private final String bucket = server.newLockedBucket();

  private Store store(int days) {
    return server.store(bucket, "repository").objectLock("governance", days).build();
  }

  private ObjectLockRetention lock(String key) {
    try (S3Client client = server.client()) {
      return client.getObjectRetention(r -> r.bucket(bucket).key("repository/" + key)).retention();
    }
  }

  private static void assertDays(int days, ObjectLockRetention lock) {
    assertEquals(ObjectLockRetentionMode.GOVERNANCE, lock.mode());
    Duration off =
        Duration.between(Instant.now().plus(Duration.ofDays(days)), lock.retainUntilDate());
    assertTrue(off.abs().compareTo(Duration.ofMinutes(10)) < 0, lock.toString());
  }

  @Test
  void protect_lockedForLess_isLockedForLonger() throws IOException {
    try (Store store = store(1)) {
      store.create("packs/aa/x", Body.of(new byte[10]));
      store.protect("packs/aa/x");
      assertDays(1, lock("packs/aa/x"));
    }
    try (Store store = store(40)) {
      assertEquals(Optional.of(Duration.ofDays(40)), store.protection());
      store.protect("packs/aa/x");
    }
    assertDays(40, lock("packs/aa/x"));
    try (Store store = store(50)) {
      assertThrows(NoSuchFileException.class, () -> store.protect("packs/aa/y"));
    }
    try (Store store = server.store(bucket, "repository").build()) {
      assertFalse(store.protection().isPresent());
    }
  }
}
