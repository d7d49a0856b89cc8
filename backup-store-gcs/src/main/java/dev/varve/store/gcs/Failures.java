package dev.varve.store.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/**
 * Says what a failed request means for whoever wants to back up, in the words that stores use. Safe
 * for use by many threads.
 */
final class Failures {

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final int LONGEST_PAUSE_SECONDS = 60;

  private static final Set<String> THROTTLED =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "slowDown");

  private static final Set<String> KEPT =
      Set.of("retentionPolicyNotMet", "objectUnderActiveHold", "objectRetentionPolicyNotMet");

  /** A client error by its number, but it was the wire that changed what arrived. */
  private static final Pattern SPOILT =
      Pattern.compile("crc32c|md5|checksum|multipart|parse error|boundary|incomplete");

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
  IOException of(String attempt, String key, Exception failed) {
    String what = "Cannot " + attempt + (key.isEmpty() ? "" : " " + key) + " in " + place + ": ";
    Optional<StorageException> answered =
        find(failed, StorageException.class).filter(e -> e.getCode() >= 300);
    return answered.isPresent()
        ? answered(what, key, attempt.equals("create"), answered.get())
        : unanswered(what, failed);
  }

  private IOException answered(String what, String key, boolean creating, StorageException e) {
    int status = e.getCode();
    String reason = Optional.ofNullable(e.getReason()).orElse("");
    String message = String.valueOf(e.getMessage());
    String said = what + said(status, reason, message);
    if (status == 404) {
      return creating || key.isEmpty() || message.contains("bucket does not exist")
          ? new RefusedException(said + "; make the bucket, or check its name and endpoint", e)
          : because(new NoSuchFileException(key), e);
    }
    if (status == 412) {
      return because(new FileAlreadyExistsException(key), e);
    }
    if (status == 416) {
      return because(new EOFException(what + "it is shorter than what was asked for"), e);
    }
    if (status == 429 || status == 503 || THROTTLED.contains(reason)) {
      return because(new ThrottledException(said, pause(e)), e);
    }
    if (status == 401) {
      return new RefusedException(
          said + "; renew the credentials, or give others by option 'credentials-file'", e);
    }
    if (KEPT.contains(reason)) {
      return new RefusedException(
          said + "; it is kept by a retention or a hold, as docs/stores.md explains", e);
    }
    if (reason.equals("userProjectMissing") || message.contains("requester pays")) {
      return new RefusedException(said + "; name who pays by option 'project'", e);
    }
    if (status == 403) {
      return because(
          new AccessDeniedException(
              said + "; see which permissions a writer, reader or pruner needs in docs/stores.md"),
          e);
    }
    boolean passing = (status >= 500 && status != 501) || status == 408 || status == 409;
    boolean spoilt = status == 400 && SPOILT.matcher(message.toLowerCase(Locale.ROOT)).find();
    return passing || spoilt ? new IOException(said, e) : new RefusedException(said, e);
  }

  private static IOException unanswered(String what, Exception e) {
    Optional<RefusedException> refused = find(e, RefusedException.class);
    if (refused.isPresent()) {
      return new RefusedException(what + refused.get().getMessage(), e);
    }
    Optional<SSLHandshakeException> handshake = find(e, SSLHandshakeException.class);
    if (handshake.isPresent() && find(e, CertificateException.class).isPresent()) {
      return new RefusedException(
          what
              + "the server's certificate is not trusted ("
              + handshake.get().getMessage()
              + "); name a key store that has its authority by javax.net.ssl.trustStore",
          e);
    }
    if (find(e, IllegalStateException.class).filter(Failures::isClosedPool).isPresent()) {
      return because(new ClosedChannelException(), e);
    }
    if (isExpiredForGood(e)) {
      return new RefusedException(what + "the token is refused, and no other can be had", e);
    }
    Optional<Retryable> noToken = find(e, Retryable.class).filter(token -> !token.isRetryable());
    if (noToken.isPresent()) {
      return new RefusedException(
          what
              + "the credentials give no token ("
              + ((Throwable) noToken.get()).getMessage()
              + "); renew them, or give others by option 'credentials-file'",
          e);
    }
    Optional<ConnectException> refusal = find(e, ConnectException.class);
    if (refusal.isPresent()) {
      String message = refusal.get().getMessage();
      return new IOException(
          what + "nothing answers (" + message + "); check the network and option 'endpoint'", e);
    }
    return new IOException(what + e.getMessage(), e);
  }

  /** Whether the server does not know a request. */
  static boolean isUnknown(IOException failed) {
    return find(failed, StorageException.class)
        .filter(e -> Set.of(400, 404, 405, 501).contains(e.getCode()))
        .isPresent();
  }

  /** Whether credentials that are one fixed token were asked for another. */
  static boolean isExpiredForGood(Exception e) {
    return find(e, IllegalStateException.class)
        .filter(cause -> String.valueOf(cause.getMessage()).contains("refreshing the access token"))
        .isPresent();
  }

  private static boolean isClosedPool(IllegalStateException cause) {
    return String.valueOf(cause.getMessage()).contains("shut down");
  }

  private static <T> Optional<T> find(Throwable failed, Class<T> type) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  private static String said(int status, String reason, String message) {
    return String.format(
        "the server answers %d%s (%s)",
        status, reason.isEmpty() ? "" : " " + reason, message.strip().replaceAll("\\s+", " "));
  }

  private static Duration pause(StorageException e) {
    return find(e, HttpResponseException.class)
        .map(answer -> answer.getHeaders().getRetryAfter())
        .filter(seconds -> seconds.matches("[0-9]{1,5}"))
        .map(seconds -> Math.min(LONGEST_PAUSE_SECONDS, Integer.parseInt(seconds)))
        .map(Duration::ofSeconds)
        .filter(pause -> pause.compareTo(SHORTEST_PAUSE) > 0)
        .orElse(SHORTEST_PAUSE);
  }

  private static <T extends IOException> T because(T failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }
}
