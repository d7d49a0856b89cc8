package dev.varve.store.gcs;

/** A request that the test server refuses; its message says why. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String reason;

  Refusal(int status, String reason, String message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  static Refusal bad(String message) {
    return new Refusal(400, "invalid", message);
  }

  static Refusal missing(String what) {
    return new Refusal(404, "notFound", "No such object: " + what);
  }

  Answer answer() {
    return Answer.error(status, reason, String.valueOf(getMessage()));
  }
}
