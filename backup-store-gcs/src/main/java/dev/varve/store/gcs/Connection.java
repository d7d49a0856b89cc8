package dev.varve.store.gcs;

import com.google.api.client.http.apache.v5.Apache5HttpTransport;
import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import dev.varve.ConfigurationException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How the server is reached, and as whom. Immutable. Prints nothing: it may hold credentials.
 *
 * @param project who pays and whose quota counts, where that is not up to the bucket
 * @param silence how long a server may say nothing before it is taken for dead
 * @param anonymous whether requests bear no credentials at all
 */
record Connection(
    Optional<URI> endpoint,
    Optional<String> project,
    int maxConnections,
    Duration silence,
    boolean anonymous,
    Optional<Path> credentialsFile,
    Optional<Credentials> credentials) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final TimeValue LOOK_AFTER_IDLE = TimeValue.ofSeconds(2);

  /** Only operations on buckets use it; without one the client would go and look for it. */
  private static final String NO_PROJECT = "varve";

  /** What makes requests, and what must be closed with it. */
  record Opened(Storage client, Closeable closing) {}

  /** A client that tries nothing again by itself. */
  Opened open() {
    CloseableHttpClient http = new WatchedClient(http(), silence);
    try {
      Apache5HttpTransport transport = new Apache5HttpTransport(http);
      HttpTransportFactory transports = () -> transport;
      HttpStorageOptions.Builder options =
          StorageOptions.http()
              .setTransportOptions(
                  new TransportOptions(
                      HttpTransportOptions.newBuilder()
                          .setHttpTransportFactory(transports)
                          .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                          .setReadTimeout((int) silence.toMillis())))
              .setCredentials(who(transports))
              .setProjectId(project.orElse(NO_PROJECT))
              .setRetrySettings(ServiceOptions.getNoRetrySettings())
              .setStorageRetryStrategy(new Never());
      endpoint.ifPresent(url -> options.setHost(url.toString()));
      project.ifPresent(options::setQuotaProjectId);
      return new Opened(options.build().getService(), http);
    } catch (IOException e) {
      close(http, e);
      throw new ConfigurationException(
          "There are no usable credentials: "
              + String.valueOf(e.getMessage()).replaceAll("\\.+$", "")
              + ". Set GOOGLE_APPLICATION_CREDENTIALS, give option 'credentials-file', or run"
              + " 'gcloud auth application-default login'",
          e);
    } catch (RuntimeException e) {
      close(http, e);
      throw e;
    }
  }

  private static void close(Closeable http, Exception failed) {
    try {
      http.close();
    } catch (IOException e) {
      failed.addSuppressed(e);
    }
  }

  private Credentials who(HttpTransportFactory transports) throws IOException {
    if (anonymous) {
      return NoCredentials.getInstance();
    }
    requireSafe();
    if (credentials.isPresent()) {
      return credentials.get();
    }
    if (credentialsFile.isEmpty()) {
      return GoogleCredentials.getApplicationDefault(transports);
    }
    Path file = credentialsFile.get();
    try (InputStream in = Files.newInputStream(file)) {
      return GoogleCredentials.fromStream(in, transports);
    } catch (IOException | RuntimeException e) {
      // What the parser says may show what it has read.
      throw new ConfigurationException(
          "Option 'credentials-file' names "
              + file
              + ", which cannot be read as credentials of Google's in JSON ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  /** A token is all that somebody who listens needs. */
  private void requireSafe() {
    boolean plain = endpoint.isPresent() && endpoint.get().getScheme().equals("http");
    if (plain && !endpoint.get().getHost().matches("localhost|127\\..*|\\[::1]")) {
      throw new ConfigurationException(
          "Credentials would be sent to "
              + endpoint.get()
              + " in the clear; use https, or option 'anonymous=true' if the server needs none");
    }
  }

  private CloseableHttpClient http() {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .useSystemProperties()
                .setMaxConnTotal(maxConnections)
                .setMaxConnPerRoute(maxConnections)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                        .setSocketTimeout(Timeout.of(silence))
                        .setValidateAfterInactivity(LOOK_AFTER_IDLE)
                        .build())
                .build())
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .build();
  }

  @Override
  public String toString() {
    return endpoint.map(URI::toString).orElse("Google Cloud Storage");
  }

  /** Tries nothing again: the engine does, and knows which attempts were its own. */
  private static final class Never implements StorageRetryStrategy {

    private static final long serialVersionUID = 1;

    @Override
    public ResultRetryAlgorithm<?> getIdempotentHandler() {
      return handler();
    }

    @Override
    public ResultRetryAlgorithm<?> getNonidempotentHandler() {
      return handler();
    }

    private static ResultRetryAlgorithm<Object> handler() {
      return new BasicResultRetryAlgorithm<>() {
        @Override
        public boolean shouldRetry(@Nullable Throwable failed, @Nullable Object answer) {
          return false;
        }
      };
    }
  }
}
