package dev.varve.store.s3;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Says what a failed request means for whoever wants to back up, in the words that stores use. Safe
 * for use by many threads.
 */
final class Failures {

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int LONGEST_PAUSE_SECONDS = 60;

  private static final Set<String> THROTTLED =
      Set.of(
          "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests",
          "ServiceUnavailable");

  /** Client errors by their number, but what the network did or what passes. */
  private static final Set<String> PASSING =
      Set.of(
          "BadDigest",
          "IncompleteBody",
          "InvalidDigest",
          "RequestTimeout",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch",
          "OperationAborted",
          "ConditionalRequestConflict");

  private static final Set<String> BAD_CREDENTIALS =
      Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "NotSignedUp");

  private static final Set<String> OTHER_REGION =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");

  /** How a request is refused that a server does not know, or not with this digest. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "NotImplemented",
          "MethodNotAllowed",
          "MissingContentMD5",
          "MissingContentLength",
          "MalformedXML",
          "InvalidRequest",
          "InvalidArgument");

  private static final Set<Integer> UNKNOWN_STATUS = Set.of(404, 405, 411, 501);

  /** What the status of a single request would be; else 400. */
  private static final Map<String, Integer> STATUS_OF_ITEM =
      Map.of("AccessDenied", 403, "InternalError", 500);

  private final Place place;

  Failures(Place place) {
    this.place = place;
  }

  /**
   * What to throw for a request that failed.
   *
   * @param attempt what was tried, e.g. {@code create}
   * @param key the item, or a beginning of keys; may be empty
   */
  IOException of(String attempt, String key, SdkException failed) {
    String what = "Cannot " + attempt + (key.isEmpty() ? "" : " " + key) + " in " + place + ": ";
    return failed instanceof AwsServiceException answered
        ? answered(what, key, answered)
        : unanswered(what, failed);
  }

  /** What to throw for an item that a request for many says it failed for. */
  IOException ofItem(String attempt, String key, S3Error error) {
    String code = Optional.ofNullable(error.code()).orElse("");
    return of(
        attempt,
        key,
        S3Exception.builder()
            .statusCode(STATUS_OF_ITEM.getOrDefault(code, 400))
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(code)
                    .errorMessage(Optional.ofNullable(error.message()).orElse(""))
                    .build())
            .build());
  }

  /** Whether an item is only said to be missing. */
  static boolean isMissing(S3Error error) {
    return "NoSuchKey".equals(error.code());
  }

  /**
   * Whether a request was refused in a way that the same for each single item may not be: the
   * server does not know it, wants another digest, or asks for a right to the whole bucket.
   */
  static boolean isUnknownOrDenied(IOException failure) {
    return failure.getCause() instanceof AwsServiceException e
        && !code(e).equals("NoSuchBucket")
        && (UNKNOWN_STATUS.contains(e.statusCode())
            || UNKNOWN.contains(code(e))
            || failure instanceof AccessDeniedException);
  }

  /** What the server called the error; empty where it said nothing, as to a HEAD. */
  static String code(SdkException failed) {
    return failed instanceof AwsServiceException answered
        ? Optional.ofNullable(answered.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse("")
        : "";
  }

  private IOException answered(String what, String key, AwsServiceException e) {
    int status = e.statusCode();
    String code = code(e);
    String said = what + said(e);
    if (status == 404 && !code.equals("NoSuchBucket") && !key.isEmpty()) {
      return because(new NoSuchFileException(key), e);
    }
    if (status == 412) {
      return because(new FileAlreadyExistsException(key), e);
    }
    if (status == 416) {
      return because(new EOFException(what + "it is shorter than what was asked for"), e);
    }
    if (status == 429 || status == 503 || THROTTLED.contains(code)) {
      return because(new ThrottledException(said, pause(e)), e);
    }
    if (e.isClockSkewException()) {
      return new RefusedException(said + clocks(e) + "; set this machine's clock", e);
    }
    if (OTHER_REGION.contains(code) || status == 301 || status == 307) {
      return new RefusedException(said + region(e), e);
    }
    if (code.equals("InvalidObjectState")) {
      return new RefusedException(archived(what, key), e);
    }
    if (code.startsWith("ExpiredToken") || code.equals("TokenRefreshRequired")) {
      return new RefusedException(said + "; renew the credentials and try again", e);
    }
    if (BAD_CREDENTIALS.contains(code)) {
      return new RefusedException(
          said + "; check the access key, its secret and whose endpoint this is", e);
    }
    if (status == 403 || status == 401) {
      return because(
          new AccessDeniedException(
              said + "; see which permissions a writer, reader or pruner needs in docs/stores.md"),
          e);
    }
    if (status == 404) {
      return new RefusedException(said + "; make the bucket, or check its name and endpoint", e);
    }
    if ((status >= 500 && status != 501) || PASSING.contains(code) || status == 408) {
      return new IOException(said, e);
    }
    return new RefusedException(said, e);
  }

  private static IOException unanswered(String what, SdkException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLHandshakeException && hasCause(cause, CertificateException.class)) {
        return new RefusedException(
            what
                + "the server's certificate is not trusted ("
                + cause.getMessage()
                + "); give its authority's certificate as option 'tls-ca-file'",
            e);
      }
      if (cause instanceof UnknownHostException) {
        return new IOException(
            what
                + "nobody knows the host ("
                + cause.getMessage()
                + "); check option 'endpoint' and the network",
            e);
      }
      if (cause instanceof ConnectException) {
        return new IOException(
            what
                + "nothing answers ("
                + cause.getMessage()
                + "); check option 'endpoint' and the network",
            e);
      }
      if (cause instanceof IllegalStateException && isClosedPool(cause)) {
        return because(new ClosedChannelException(), e);
      }
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("Unable to load credentials")) {
      return new RefusedException(
          what
              + "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
              + " name a profile of ~/.aws by option 'profile', or a file of that form by"
              + " 'credentials-file'",
          e);
    }
    return new IOException(what + message, e);
  }

  private static boolean isClosedPool(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("shut down");
  }

  private static boolean hasCause(Throwable failed, Class<? extends Throwable> type) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String said(AwsServiceException e) {
    String message =
        Optional.ofNullable(e.awsErrorDetails()).map(AwsErrorDetails::errorMessage).orElse("");
    String code = code(e);
    return String.format(
        "the server answers %d%s%s",
        e.statusCode(),
        code.isEmpty() ? "" : " " + code,
        message.isEmpty() || message.equals(code) ? "" : " (" + message + ")");
  }

  private String archived(String what, String key) {
    return what
        + "it rests in an archive class. Bring it back for some days by 'aws s3api restore-object"
        + " --bucket "
        + place.bucket()
        + " --key "
        + place.name(key)
        + " --restore-request Days=7', wait until it is there, and try again";
  }

  private static String region(AwsServiceException e) {
    return header(e, "x-amz-bucket-region")
        .map(region -> "; the bucket is in region " + region + ": give option 'region=" + region)
        .map(text -> text + "'")
        .orElse("; the bucket is in another region: give it as option 'region'");
  }

  private static String clocks(AwsServiceException e) {
    Instant now = Instant.now();
    return header(e, "Date")
        .flatMap(Failures::time)
        .map(there -> "; here it is " + now + ", there " + there)
        .orElse("");
  }

  private static Duration pause(AwsServiceException e) {
    Optional<String> wanted = header(e, "Retry-After").filter(s -> s.matches("[0-9]{1,5}"));
    return wanted
        .map(s -> Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, Integer.parseInt(s))))
        .filter(pause -> pause.compareTo(SHORTEST_PAUSE) > 0)
        .orElse(SHORTEST_PAUSE);
  }

  /** A time as HTTP writes it. */
  static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> header(AwsServiceException e, String name) {
    return Optional.ofNullable(e.awsErrorDetails())
        .map(AwsErrorDetails::sdkHttpResponse)
        .flatMap((SdkHttpResponse response) -> response.firstMatchingHeader(name));
  }

  private static <T extends IOException> T because(T failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }
}
