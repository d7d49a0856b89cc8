package dev.varve.source.elasticsearch;

import dev.varve.ConfigurationException;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster of Elasticsearch (7, 8, 9) or OpenSearch (2, 3) holds: documents, and all that is
 * needed to have them again somewhere else. Immutable.
 *
 * <p>Each index is read in one state, a point in time, while others write to it. A backup needs no
 * disk, and memory that does not grow with indices or documents.
 *
 * <p>The snapshots are those of {@code elasticsearch:cluster@<the first node's host>} unless that
 * is set.
 */
public final class ElasticsearchSource implements Source {

  private final SearchCluster cluster;
  private final SourceIdentity identity;
  private final SourceSettings settings;

  private ElasticsearchSource(Builder builder) {
    cluster = builder.cluster;
    identity = new SourceIdentity(builder.kind, builder.name, builder.host);
    settings =
        new SourceSettings(
            new IndexPatterns(builder.include, builder.exclude),
            builder.systemIndices,
            builder.clusterSettings,
            builder.refresh,
            builder.slices,
            builder.readers,
            builder.pageSize);
  }

  /** All of a cluster, but for system indices and cluster settings. */
  public static ElasticsearchSource of(SearchCluster cluster) {
    return builder(cluster).build();
  }

  /** Starts with all of a cluster, but for system indices and cluster settings. */
  public static Builder builder(SearchCluster cluster) {
    return new Builder(cluster);
  }

  @Override
  public SourceIdentity identity() {
    return identity;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    Connection connection = cluster.connect();
    try {
      context.onCancel(connection::close);
      return SearchRun.begin(connection, settings, context);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Warns of what cannot be read: closed or red indices, missing privileges or names. */
  @Override
  public void check(SourceContext context) throws IOException {
    try (Connection connection = cluster.connect()) {
      context.onCancel(connection::close);
      new SourceCheck(connection, settings, context).run();
    }
  }

  @Override
  public String toString() {
    return identity + " at " + cluster;
  }

  /** Collects settings. Used by one thread; may build more than once. */
  public static final class Builder {

    private final SearchCluster cluster;
    private final List<String> include = new ArrayList<>();
    private final List<String> exclude = new ArrayList<>();
    private String kind = "elasticsearch";
    private String name = "cluster";
    private String host;
    private boolean systemIndices;
    private boolean clusterSettings;
    private boolean refresh = true;
    private int slices;
    private int readers = 4;
    private int pageSize = 10_000;

    private Builder(SearchCluster cluster) {
      this.cluster = cluster;
      this.host = cluster.host();
    }

    /** Sets what the snapshots are those of: {@code elasticsearch:NAME@HOST}. */
    public Builder named(String name) {
      this.name = name;
      return this;
    }

    /** Sets the host in the identity, instead of the first node's. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets the kind in the identity, for {@code opensearch:}. */
    Builder kind(String kind) {
      this.kind = kind;
      return this;
    }

    /** Only indices and data streams that match this pattern, or another one that was included. */
    public Builder include(String pattern) {
      include.add(pattern);
      return this;
    }

    /** No indices and data streams that match this pattern. */
    public Builder exclude(String pattern) {
      exclude.add(pattern);
      return this;
    }

    /** Also indices and data streams whose name begins with a dot. */
    public Builder systemIndices() {
      systemIndices = true;
      return this;
    }

    /** Also the cluster's own settings. */
    public Builder clusterSettings() {
      clusterSettings = true;
      return this;
    }

    /**
     * Does not refresh indices before they are read: what was written in the last moments, or is
     * never refreshed, is then not in the backup.
     */
    public Builder withoutRefresh() {
      refresh = false;
      return this;
    }

    /**
     * Reads each index in at least so many parts, from 1 to 1024; by default one a shard. More than
     * shards cost the cluster a look at every id for each part.
     */
    public Builder slices(int atLeast) {
      slices = within("slices", atLeast, 1, 1024);
      return this;
    }

    /** Reads so many parts at once, from 1 to 64; 4 by default. */
    public Builder readers(int atOnce) {
      readers = within("readers", atOnce, 1, 64);
      return this;
    }

    /** Asks for so many documents at once at most, from 1 to 10 000, the default. */
    public Builder pageSize(int documents) {
      pageSize = within("page-size", documents, 1, 10_000);
      return this;
    }

    /**
     * The source.
     *
     * @throws ConfigurationException if its name or host cannot be one
     */
    public ElasticsearchSource build() {
      try {
        return new ElasticsearchSource(this);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(String.valueOf(e.getMessage()), e);
      }
    }

    private static int within(String option, int value, int least, int most) {
      if (value < least || value > most) {
        throw new ConfigurationException(
            "Option '" + option + "' must be from " + least + " to " + most + ", not " + value);
      }
      return value;
    }
  }
}
