package dev.varve.source.elasticsearch;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One request: method, path with its query, and body. Immutable.
 *
 * @param body what is sent, which can be sent again
 * @param type the body's media type, empty without one
 * @param timeout until the answer begins
 */
record Call(String method, String path, BodyPublisher body, String type, Duration timeout) {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

  static Call get(String path) {
    return new Call("GET", path, BodyPublishers.noBody(), "", TIMEOUT);
  }

  static Call delete(String path) {
    return new Call("DELETE", path, BodyPublishers.noBody(), "", TIMEOUT);
  }

  static Call delete(String path, RawJson body) {
    return new Call("DELETE", path, BodyPublishers.ofByteArray(body.bytes()), JSON, TIMEOUT);
  }

  static Call post(String path) {
    return new Call("POST", path, BodyPublishers.noBody(), "", TIMEOUT);
  }

  static Call post(String path, RawJson body) {
    return new Call("POST", path, BodyPublishers.ofByteArray(body.bytes()), JSON, TIMEOUT);
  }

  static Call put(String path, RawJson body) {
    return new Call("PUT", path, BodyPublishers.ofByteArray(body.bytes()), JSON, TIMEOUT);
  }

  /** Sends lines of documents. */
  static Call lines(String path, BodyPublisher body) {
    return new Call("POST", path, body, LINES, Duration.ofMinutes(10));
  }

  /** A name as one step of a path. */
  static String step(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Method and path without the query, which may be long. */
  @Override
  public String toString() {
    int query = path.indexOf('?');
    return method + " " + (query < 0 ? path : path.substring(0, query));
  }
}
