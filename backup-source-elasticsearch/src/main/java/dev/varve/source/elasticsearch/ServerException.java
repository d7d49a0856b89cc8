package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cluster answered that it did not do what was asked. */
final class ServerException extends IOException {

  private static final long serialVersionUID = 1;
  private static final int MOST_TEXT = 2000;

  private final int status;
  private final String type;

  private ServerException(String message, int status, String type) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** Reads an answer with a status that says no. */
  static ServerException of(Call call, int status, byte[] body) {
    String type = "";
    String reason;
    try {
      RawJson answer = RawJson.of(body);
      Optional<RawJson> error = answer.isObject() ? answer.find("error") : Optional.empty();
      if (error.isPresent() && error.get().isObject()) {
        type = typeOf(error.get());
        reason = reasonOf(error.get());
      } else {
        reason = error.isPresent() ? error.get().text() : text(body);
      }
    } catch (IOException e) {
      reason = text(body);
    }
    String hint =
        switch (status) {
          case 401 -> "; check user and password, or the API key";
          case 403 -> type.contains("block") ? "" : "; give the user the privilege it names";
          default -> "";
        };
    return new ServerException(
        call + " was answered with " + status + ": " + shortened(reason) + hint, status, type);
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** The kind of error, e.g. {@code index_not_found_exception}; may be empty. */
  String type() {
    return type;
  }

  /** Whether the cluster may do it if asked again later. */
  boolean passing() {
    return (status == 429 && !type.equals("cluster_block_exception"))
        || status == 502
        || status == 503
        || status == 504;
  }

  /** What an error in an answer says, with its causes. */
  static String reasonOf(RawJson error) throws IOException {
    List<String> parts = new ArrayList<>();
    collect(error, parts);
    Optional<RawJson> roots = error.find("root_cause");
    if (roots.isPresent() && roots.get().isList()) {
      for (RawJson root : roots.get().items()) {
        collect(root, parts);
      }
    }
    Optional<RawJson> failed = error.find("failed_shards");
    if (failed.isPresent() && failed.get().isList() && !failed.get().items().isEmpty()) {
      Optional<RawJson> first = failed.get().items().get(0).find("reason");
      if (first.isPresent()) {
        collect(first.get(), parts);
      }
    }
    return String.join(": ", parts.stream().distinct().limit(4).toList());
  }

  private static void collect(RawJson error, List<String> parts) throws IOException {
    if (!error.isObject()) {
      parts.add(error.text());
      return;
    }
    Optional<RawJson> reason = error.find("reason");
    String said = reason.isPresent() && !reason.get().isObject() ? reason.get().text() : "";
    String type = typeOf(error);
    parts.add(said.isEmpty() ? type : type + ": " + said);
    Optional<RawJson> cause = error.find("caused_by");
    if (cause.isPresent() && parts.size() < 4) {
      collect(cause.get(), parts);
    }
  }

  static String typeOf(RawJson error) throws IOException {
    Optional<RawJson> type = error.isObject() ? error.find("type") : Optional.empty();
    return type.isPresent() ? type.get().text() : "";
  }

  private static String text(byte[] body) {
    return body.length == 0 ? "nothing more" : new String(body, StandardCharsets.UTF_8).strip();
  }

  private static String shortened(String reason) {
    return reason.length() > MOST_TEXT ? reason.substring(0, MOST_TEXT) + "..." : reason;
  }
}
