package dev.varve.source.elasticsearch;

/**
 * What of a cluster is read, and how.
 *
 * @param patterns which indices and data streams
 * @param systemIndices whether those whose name begins with a dot too
 * @param clusterSettings whether the settings of the cluster
 * @param refresh whether each index is refreshed before it is read
 * @param slices in how many parts an index is read at least; 0: by shard
 * @param readers how many parts at once
 * @param pageSize how many documents a request asks for at most
 */
record SourceSettings(
    IndexPatterns patterns,
    boolean systemIndices,
    boolean clusterSettings,
    boolean refresh,
    int slices,
    int readers,
    int pageSize) {

  /** Whether the index or data stream of this name is read. */
  boolean admits(String name) {
    return patterns.admit(name)
        && (systemIndices || !name.startsWith(".") || patterns.named().contains(name));
  }
}
