package dev.varve.source.elasticsearch;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is restored into a cluster, and how.
 *
 * @param patterns which indices and data streams, by their names in the snapshot
 * @param mode what becomes of what is there
 * @param renamed which part of a name is replaced
 * @param replacement by what
 * @param parts which kinds
 * @param bulkBytes how much is sent at once, a document more at most
 * @param bulkRequests how many requests are under way at once
 * @param patience how long to go on while the cluster takes nothing
 */
record TargetSettings(
    IndexPatterns patterns,
    ElasticsearchTarget.Mode mode,
    Optional<Pattern> renamed,
    String replacement,
    Set<ElasticsearchTarget.Part> parts,
    int bulkBytes,
    int bulkRequests,
    Duration patience) {

  TargetSettings {
    parts = Set.copyOf(parts);
  }

  /** What is called {@code name} in the snapshot is called in the cluster. */
  String renamed(String name) {
    return renamed.isEmpty() ? name : renamed.get().matcher(name).replaceAll(replacement);
  }
}
