package dev.varve.store.s3;

import dev.varve.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * How the server is reached, and as whom. Immutable. Prints nothing: it may hold credentials.
 *
 * @param digests of requests that must have one
 * @param silence how long a server may say nothing before it is taken for dead
 */
record Connection(
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Digests digests,
    Optional<Path> certificates,
    int maxConnections,
    Duration silence,
    Optional<String> profile,
    Optional<Path> credentialsFile,
    Optional<String> role,
    Optional<AwsCredentialsProvider> credentials) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Where an endpoint is given, most servers do not care. */
  private static final Region ANY_REGION = Region.US_EAST_1;

  /**
   * What makes requests, and what must be closed with it.
   *
   * @param readsBodiesTwice whether a body is read to be signed before it is read to be sent
   */
  record Opened(S3Client client, boolean readsBodiesTwice, Runnable closing) {}

  /** A client that tries nothing again by itself. */
  Opened open() {
    SdkHttpClient http = transport();
    try {
      Source source = source(http);
      S3ClientBuilder builder =
          S3Client.builder()
              .httpClient(http)
              .credentialsProvider(source.credentials())
              .forcePathStyle(pathStyle)
              // Bodies are sent as they are, which every server understands.
              .serviceConfiguration(c -> c.chunkedEncodingEnabled(false))
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
              .overrideConfiguration(
                  o -> {
                    o.retryStrategy(AwsRetryStrategy.doNotRetry());
                    profile.ifPresent(o::defaultProfileName);
                  });
      endpoint.ifPresent(builder::endpointOverride);
      knownRegion().ifPresent(builder::region);
      if (digests != Digests.CRC32C) {
        // Some requests must have a digest: then the one that servers have known longest.
        builder.addPlugin(LegacyMd5Plugin.create());
      }
      S3Client client = build(builder);
      return new Opened(
          client,
          endpoint.filter(uri -> uri.getScheme().equals("http")).isPresent(),
          () -> {
            client.close();
            source.closing().run();
            http.close();
          });
    } catch (RuntimeException e) {
      http.close();
      throw e;
    }
  }

  private static S3Client build(S3ClientBuilder builder) {
    try {
      return builder.build();
    } catch (SdkException e) {
      if (String.valueOf(e.getMessage()).contains("region")) {
        throw new ConfigurationException(
            "It is not known in which region the bucket is; give option 'region', set AWS_REGION,"
                + " or name a profile that has one",
            e);
      }
      throw new ConfigurationException("S3 cannot be used as configured: " + e.getMessage(), e);
    }
  }

  private record Source(AwsCredentialsProvider credentials, Runnable closing) {}

  private Source source(SdkHttpClient http) {
    AwsCredentialsProvider own = credentials.orElseGet(this::chain);
    if (role.isEmpty()) {
      return new Source(own, () -> {});
    }
    StsClient sts =
        StsClient.builder()
            .httpClient(http)
            .credentialsProvider(own)
            .region(knownRegion().orElse(ANY_REGION))
            .build();
    StsAssumeRoleCredentialsProvider assumed =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(r -> r.roleArn(role.get()).roleSessionName("varve"))
            .build();
    return new Source(
        assumed,
        () -> {
          assumed.close();
          sts.close();
        });
  }

  private AwsCredentialsProvider chain() {
    DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
    profile.ifPresent(chain::profileName);
    credentialsFile.ifPresent(
        file -> {
          if (!Files.isReadable(file)) {
            throw new ConfigurationException(
                "Option 'credentials-file' names " + file + ", which cannot be read");
          }
          chain.profileFile(
              ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build());
        });
    return chain.build();
  }

  private Optional<Region> knownRegion() {
    return region
        .map(Region::of)
        .or(() -> endpoint.isPresent() ? Optional.of(ANY_REGION) : Optional.empty());
  }

  private SdkHttpClient transport() {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(silence)
            .maxConnections(maxConnections);
    certificates.ifPresent(
        file -> {
          TrustManagerFactory trusted = trusted(file);
          http.tlsTrustManagersProvider(trusted::getTrustManagers);
        });
    return http.build();
  }

  private static TrustManagerFactory trusted(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new ConfigurationException(
            "Option 'tls-ca-file' names " + file + ", which holds no certificate in PEM form");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : all) {
        store.setCertificateEntry("authority-" + number++, one);
      }
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(store);
      return trusted;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigurationException(
          "Option 'tls-ca-file' names " + file + ", which cannot be read as certificates: " + e, e);
    }
  }

  @Override
  public String toString() {
    return endpoint.map(URI::toString).orElse("Amazon S3");
  }
}
