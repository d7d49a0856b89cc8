package dev.varve.source.elasticsearch;

import java.util.Optional;

/**
 * What a listing says of an index.
 *
 * @param name what it is called
 * @param uuid what it is called by the cluster
 * @param stream the data stream it belongs to
 * @param open whether it can be searched
 * @param health {@code green}, {@code yellow} or {@code red}; empty where not told
 * @param shards how many primary shards it has
 * @param bytes about how large they are
 * @param slices in how many parts it is read
 */
record IndexFacts(
    String name,
    String uuid,
    Optional<String> stream,
    boolean open,
    String health,
    int shards,
    long bytes,
    int slices) {}
