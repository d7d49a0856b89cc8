package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster is.
 *
 * @param opensearch whether it is OpenSearch, not Elasticsearch
 * @param version of its oldest node
 * @param name what it calls itself
 */
record Cluster(boolean opensearch, Version version, String name) {

  /**
   * A version number.
   *
   * @param text as the server tells it
   */
  record Version(int major, int minor, String text) {

    static Version parse(String text) throws IOException {
      String[] parts = text.split("[.-]", 3);
      try {
        return new Version(
            Integer.parseInt(parts[0]), parts.length < 2 ? 0 : Integer.parseInt(parts[1]), text);
      } catch (NumberFormatException e) {
        throw new IOException("The cluster's version cannot be read: " + text, e);
      }
    }

    boolean isBefore(int otherMajor, int otherMinor) {
      return major < otherMajor || (major == otherMajor && minor < otherMinor);
    }
  }

  /**
   * Asks what the cluster is. Nodes tell it truly; the front page may pretend to be an old
   * Elasticsearch.
   */
  static Cluster ask(Connection connection) throws IOException {
    Optional<RawJson> nodes = nodes(connection);
    if (nodes.isEmpty()) {
      return byFrontPage(connection.ask(Call.get("/")));
    }
    Version oldest = new Version(Integer.MAX_VALUE, 0, "");
    for (Map.Entry<String, RawJson> node : nodes.get().at("nodes").fields().entrySet()) {
      Version version = Version.parse(node.getValue().at("version").text());
      oldest = version.isBefore(oldest.major(), oldest.minor()) ? version : oldest;
    }
    // Elasticsearch had reached 7 when OpenSearch began to count at 1.
    return new Cluster(oldest.major() < 6, oldest, nodes.get().at("cluster_name").text());
  }

  /**
   * Fails for a cluster of another age.
   *
   * @throws IOException naming its version
   */
  void requireKnown() throws IOException {
    if (!opensearch && version.major() < 7) {
      throw new IOException(
          this + " is too old; Varve knows Elasticsearch from 7 and OpenSearch from 1 on");
    }
  }

  /** Whether there are points in time; otherwise there are scrolls. */
  boolean hasPointsInTime() {
    return opensearch ? !version.isBefore(2, 4) : !version.isBefore(7, 10);
  }

  /** Whether vectors are left out of documents unless asked for. */
  boolean leavesVectorsOut() {
    return !opensearch && !version.isBefore(9, 2);
  }

  /** E.g. {@code Elasticsearch 8.19.21}. */
  @Override
  public String toString() {
    return (opensearch ? "OpenSearch " : "Elasticsearch ") + version.text();
  }

  private static Optional<RawJson> nodes(Connection connection) throws IOException {
    try {
      RawJson answer = connection.ask(Call.get("/_nodes?filter_path=cluster_name,nodes.*.version"));
      return answer.find("nodes").isPresent() ? Optional.of(answer) : Optional.empty();
    } catch (ServerException e) {
      if (e.status() == 401) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static Cluster byFrontPage(RawJson page) throws IOException {
    Version version = Version.parse(page.at("version", "number").text());
    Optional<RawJson> distribution = page.find("version", "distribution");
    boolean opensearch =
        version.major() < 6
            || (distribution.isPresent() && distribution.get().text().equals("opensearch"));
    return new Cluster(opensearch, version, page.at("cluster_name").text());
  }
}
