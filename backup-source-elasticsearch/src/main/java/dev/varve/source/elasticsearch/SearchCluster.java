package dev.varve.source.elasticsearch;

import dev.varve.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a cluster of Elasticsearch or OpenSearch is reached. Immutable: each setting gives another
 * one. Keeps no connection, and no secret: files and suppliers are asked when a backup or restore
 * begins.
 */
public final class SearchCluster {

  /** Answers what stands in the header {@code Authorization}. */
  private interface Login {
    String header() throws IOException;
  }

  private final List<URI> nodes;
  private final Optional<Login> login;
  private final Optional<Path> authorities;
  private final Optional<HttpClient> client;
  private final Duration patience;

  private SearchCluster(
      List<URI> nodes,
      Optional<Login> login,
      Optional<Path> authorities,
      Optional<HttpClient> client,
      Duration patience) {
    this.nodes = nodes;
    this.login = login;
    this.authorities = authorities;
    this.client = client;
    this.patience = patience;
  }

  /**
   * A cluster with these nodes, e.g. {@code https://search-1:9200}; when one cannot be reached the
   * next is asked. A path behind the port is put before each request's.
   *
   * @throws ConfigurationException if there is none, or one is no URL of http or https, or holds a
   *     password
   */
  public static SearchCluster at(String... urls) {
    List<URI> nodes = new ArrayList<>();
    for (String url : urls) {
      nodes.add(node(url));
    }
    if (nodes.isEmpty()) {
      throw new ConfigurationException("A search cluster needs the URL of at least one node");
    }
    return new SearchCluster(
        List.copyOf(nodes),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(2));
  }

  /** This cluster asked as {@code user}, whose password is the first line of {@code file}. */
  public SearchCluster user(String user, Path file) {
    return login(() -> basic(user, firstLine("password-file", file)));
  }

  /** This cluster asked as {@code user} with what {@code password} supplies. */
  public SearchCluster user(String user, Supplier<String> password) {
    return login(() -> basic(user, password.get()));
  }

  /** This cluster asked with the API key (as encoded by the server) in {@code file}. */
  public SearchCluster apiKey(Path file) {
    return login(() -> "ApiKey " + firstLine("api-key-file", file));
  }

  /** This cluster asked with the API key (as encoded by the server) that {@code key} supplies. */
  public SearchCluster apiKey(Supplier<String> key) {
    return login(() -> "ApiKey " + key.get());
  }

  /** This cluster trusted if one of the authorities in {@code pem} has signed its certificate. */
  public SearchCluster tlsAuthorities(Path pem) {
    return new SearchCluster(nodes, login, Optional.of(pem), client, patience);
  }

  /** This cluster asked by {@code client}, with its proxy, TLS and authentication. */
  public SearchCluster client(HttpClient client) {
    return new SearchCluster(nodes, login, authorities, Optional.of(client), patience);
  }

  /**
   * This cluster given so much time to answer again after it could not be reached or had too much
   * to do; 2 minutes by default.
   */
  public SearchCluster patience(Duration patience) {
    if (patience.isNegative()) {
      throw new ConfigurationException("Patience cannot be negative: " + patience);
    }
    return new SearchCluster(nodes, login, authorities, client, patience);
  }

  /** Where it is: hosts and ports, nothing secret. */
  @Override
  public String toString() {
    return String.join(",", nodes.stream().map(URI::toString).toList());
  }

  /** The first node's host, with its port unless that is 9200. */
  String host() {
    URI first = nodes.get(0);
    return first.getPort() == 9200 || first.getPort() < 0
        ? first.getHost()
        : first.getHost() + ":" + first.getPort();
  }

  /** Makes ready to ask; connects with the first request only. */
  Connection connect() throws IOException {
    Optional<String> header = login.isEmpty() ? Optional.empty() : Optional.of(headerOf());
    return new Connection(nodes, header, client, Tls.trusting(authorities), patience);
  }

  private String headerOf() throws IOException {
    return login.orElseThrow().header();
  }

  private SearchCluster login(Login other) {
    return new SearchCluster(nodes, Optional.of(other), authorities, client, patience);
  }

  private static URI node(String url) {
    try {
      URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!known
          || uri.getHost() == null
          || uri.getRawQuery() != null
          || uri.getFragment() != null) {
        throw new ConfigurationException(
            "A node is given as https://host:port or http://host:port, not as this is");
      }
      if (uri.getRawUserInfo() != null) {
        throw new ConfigurationException(
            "A node's URL holds user info; URLs are logged: give credentials as files");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new ConfigurationException("A node's URL cannot be read: " + e.getReason());
    }
  }

  private static String basic(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private static String firstLine(String option, Path file) throws IOException {
    try {
      String text = Files.readString(file);
      String line = text.lines().findFirst().orElse("").strip();
      if (line.isEmpty()) {
        throw new IOException("Option '" + option + "' names " + file + ", which is empty");
      }
      return line;
    } catch (IOException e) {
      throw new IOException(
          "Option '" + option + "' names " + file + ", which cannot be read: " + e, e);
    }
  }
}
