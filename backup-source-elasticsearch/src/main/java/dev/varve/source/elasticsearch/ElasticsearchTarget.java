package dev.varve.source.elasticsearch;

import dev.varve.ConfigurationException;
import dev.varve.target.SnapshotContents;
import dev.varve.target.Target;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Restores what {@link ElasticsearchSource} has read, into a cluster of the same or another
 * version, also from Elasticsearch to OpenSearch and back as far as they have the same things.
 * Immutable.
 *
 * <p>Every document's answer is looked at: what the cluster does not take is reported with its id
 * and reason. An index counts as restored only if the cluster then counts as many documents as were
 * loaded.
 */
public final class ElasticsearchTarget implements Target {

  /** What becomes of an index, a data stream or anything else that is there already. */
  public enum Mode {
    /** It stays as it is and is reported, unless it is equal; the default. */
    REFUSE,
    /** Documents of the snapshot are written over those of the same id; others stay. */
    MERGE,
    /**
     * It then holds what the snapshot holds, and stays as it is if that cannot be: an index is
     * loaded beside, and takes its place when its documents are complete. A data stream is deleted
     * and made again.
     */
    PURGE,
    /**
     * The index is loaded beside under another name, and when its documents are complete its old
     * name becomes an alias of it, all at once. What held the name before is deleted if it was an
     * index, and stays under its own name if it was behind an alias.
     */
    SWAP
  }

  /** Kinds of things that can be restored. */
  public enum Part {
    /** Indices with settings and mappings. */
    INDICES,
    /** Their documents. */
    DOCUMENTS,
    /** Their aliases. */
    ALIASES,
    /** Data streams with their documents. */
    DATA_STREAMS,
    /** Index, component and legacy templates. */
    TEMPLATES,
    /** Ingest pipelines. */
    PIPELINES,
    /** Stored scripts. */
    SCRIPTS,
    /** Policies of index lifecycles (Elasticsearch) or index states (OpenSearch). */
    POLICIES,
    /** Settings of the cluster; only if asked for. */
    CLUSTER_SETTINGS
  }

  private final SearchCluster cluster;
  private final TargetSettings settings;

  private ElasticsearchTarget(Builder builder) {
    cluster = builder.cluster;
    settings =
        new TargetSettings(
            new IndexPatterns(builder.include, builder.exclude),
            builder.mode,
            builder.renamed,
            builder.replacement,
            builder.parts,
            builder.bulkBytes,
            builder.bulkRequests,
            builder.patience);
  }

  /** A target that restores all but cluster settings and refuses to replace anything. */
  public static ElasticsearchTarget into(SearchCluster cluster) {
    return builder(cluster).build();
  }

  /** Starts with a target that restores all but cluster settings and replaces nothing. */
  public static Builder builder(SearchCluster cluster) {
    return new Builder(cluster);
  }

  @Override
  public void restore(SnapshotContents contents, TargetContext context) throws IOException {
    try (Connection connection = cluster.connect();
        Connection tidying = cluster.connect()) {
      context.onCancel(connection::close);
      Cluster there = Cluster.ask(connection);
      there.requireKnown();
      new Restore(new RestoreScope(connection, tidying, there, settings, contents, context)).run();
    }
  }

  @Override
  public String toString() {
    return "search cluster " + cluster;
  }

  /** Collects settings. Used by one thread; may build more than once. */
  public static final class Builder {

    private final SearchCluster cluster;
    private final List<String> include = new ArrayList<>();
    private final List<String> exclude = new ArrayList<>();
    private Mode mode = Mode.REFUSE;
    private Optional<Pattern> renamed = Optional.empty();
    private String replacement = "";
    private Set<Part> parts = EnumSet.complementOf(EnumSet.of(Part.CLUSTER_SETTINGS));
    private int bulkBytes = 5 << 20;
    private int bulkRequests = 3;
    private Duration patience = Duration.ofMinutes(10);

    private Builder(SearchCluster cluster) {
      this.cluster = cluster;
    }

    /**
     * Only indices and data streams whose name in the snapshot matches this pattern, or another one
     * that was included. One without a star that the snapshot does not hold is reported.
     */
    public Builder include(String pattern) {
      include.add(pattern);
      return this;
    }

    /** No indices and data streams whose name in the snapshot matches this pattern. */
    public Builder exclude(String pattern) {
      exclude.add(pattern);
      return this;
    }

    /** Sets what becomes of what is there. */
    public Builder mode(Mode mode) {
      this.mode = mode;
      return this;
    }

    /**
     * Restores indices, aliases and data streams under other names: what {@code regex} finds in a
     * name is replaced, {@code $1} standing for its first group. Aliases whose name that does not
     * change are left out, as they would lead to two indices.
     *
     * @throws ConfigurationException if it is no regular expression of the JDK
     */
    public Builder rename(String regex, String replacement) {
      try {
        this.renamed = Optional.of(Pattern.compile(regex));
      } catch (PatternSyntaxException e) {
        throw new ConfigurationException(
            "Option 'rename-pattern' is no regular expression: " + e.getDescription(), e);
      }
      this.replacement = replacement;
      return this;
    }

    /** Restores only things of these kinds. */
    public Builder parts(Set<Part> parts) {
      this.parts = Set.copyOf(parts);
      return this;
    }

    /** Sends about so many bytes of documents at once, from 1 000; 5 MiB by default. */
    public Builder bulkBytes(int bytes) {
      if (bytes < 1000) {
        throw new ConfigurationException("Option 'bulk-bytes' must be at least 1000");
      }
      bulkBytes = bytes;
      return this;
    }

    /** Has so many requests under way at once, from 1 to 64; 3 by default. */
    public Builder bulkRequests(int atOnce) {
      if (atOnce < 1 || atOnce > 64) {
        throw new ConfigurationException("Option 'bulk-requests' must be from 1 to 64");
      }
      bulkRequests = atOnce;
      return this;
    }

    /** Goes on so long while the cluster takes no documents; 10 minutes by default. */
    public Builder patience(Duration patience) {
      this.patience = patience;
      return this;
    }

    /** The target. */
    public ElasticsearchTarget build() {
      return new ElasticsearchTarget(this);
    }
  }
}
