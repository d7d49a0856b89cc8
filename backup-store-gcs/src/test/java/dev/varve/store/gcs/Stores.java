package dev.varve.store.gcs;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.time.Instant;
import java.util.Date;

/** Stores in test servers. */
final class Stores {

  static final String TOKEN = "the-secret-token";

  private Stores() {}

  /** A store in the bucket of a server, below {@code pre/fix}, with the token it may want. */
  static GcsStoreBuilder of(GcsServer server) {
    return GcsStore.builder()
        .bucket("bucket", "pre/fix")
        .endpoint(server.endpoint())
        .credentials(
            GoogleCredentials.create(
                new AccessToken(TOKEN, Date.from(Instant.now().plusSeconds(3600)))));
  }
}
