package dev.varve.source.elasticsearch;

import java.util.Optional;

/**
 * One of the parts in which an index is read.
 *
 * @param number from 0
 * @param count how many parts there are: the shards, or a multiple of them
 * @param shards how many shards the index has
 */
record Slice(int number, int count, int shards) {

  /** What a search says to get only this part; empty where it is all. */
  Optional<String> clause() {
    if (count == 1) {
      return Optional.empty();
    }
    // By shard alone no field is looked at; within a shard by id, so that each document stays in
    // its part from night to night.
    String field = count > shards ? "\"field\":\"_id\"," : "";
    return Optional.of("\"slice\":{" + field + "\"id\":" + number + ",\"max\":" + count + "}");
  }

  /** The last step of the path of its documents. */
  String fileName() {
    String shard = "%04d".formatted(number % shards);
    return count > shards ? shard + "-%02d.ndjson".formatted(number / shards) : shard + ".ndjson";
  }
}
