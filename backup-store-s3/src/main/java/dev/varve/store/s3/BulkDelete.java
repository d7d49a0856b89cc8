package dev.varve.store.s3;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes many items by one request. Safe for use by many threads. */
final class BulkDelete {

  /** What one request takes. */
  static final int MOST_KEYS = 1000;

  private final S3Client client;
  private final Place place;
  private final Failures failures;

  BulkDelete(S3Client client, Place place, Failures failures) {
    this.client = client;
    this.place = place;
    this.failures = failures;
  }

  /** Asks for it once; the answer names what could not be deleted, and nothing else. */
  Map<String, IOException> send(List<String> keys) {
    List<ObjectIdentifier> names =
        keys.stream().map(key -> ObjectIdentifier.builder().key(place.name(key)).build()).toList();
    DeleteObjectsResponse answer =
        client.deleteObjects(
            r -> r.bucket(place.bucket()).delete(d -> d.quiet(true).objects(names)));
    Map<String, IOException> failed = new LinkedHashMap<>();
    Set<String> asked = Set.copyOf(keys);
    for (S3Error error : answer.errors()) {
      String name = Optional.ofNullable(error.key()).orElse("");
      String key = name.startsWith(place.prefix()) ? place.key(name) : name;
      if (!asked.contains(key)) {
        // Of which item it speaks cannot be told, so it may be any.
        keys.forEach(each -> failed.putIfAbsent(each, failures.ofItem("delete", each, error)));
      } else if (!Failures.isMissing(error)) {
        failed.put(key, failures.ofItem("delete", key, error));
      }
    }
    return failed;
  }
}
