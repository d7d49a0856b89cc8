package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * What a user would type at a server to prepare and to look at it. Safe for use by many threads.
 */
final class Http {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;

  Http(URI url) {
    this.url = url;
  }

  /** What a server said. */
  record Answer(int status, String text) {

    Object json() {
      return Json.parse(text);
    }
  }

  URI url() {
    return url;
  }

  /** Asks for something that must be there. */
  Object get(String path) {
    return good("GET", path, "").json();
  }

  Object put(String path, String body) {
    return good("PUT", path, body).json();
  }

  Object post(String path, String body) {
    return good("POST", path, body).json();
  }

  void delete(String path) {
    good("DELETE", path, "");
  }

  /** Sends lines, of which each must be done. */
  void bulk(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    Object answer = post("/_bulk?refresh=true", String.join("\n", lines) + "\n");
    assertTrue(Json.at(answer, "errors").equals(false), () -> Json.write(answer));
  }

  private Answer good(String method, String path, String body) {
    Answer answer = send(method, path, body);
    assertTrue(answer.status() < 300, () -> method + " " + path + ": " + answer);
    return answer;
  }

  /** Sends anything and answers anything. */
  Answer send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header(
                "Content-Type",
                path.contains("_bulk") ? "application/x-ndjson" : "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + " got no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while waiting for " + path, e);
    }
  }
}
