package dev.varve.store.s3;

import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists what lies in a place, by the second version of that request or the first. What others put
 * there under names that are no keys is passed over. Safe for use by many threads.
 */
final class Listing {

  private final S3Client client;
  private final Place place;
  private final boolean byVersion1;

  Listing(S3Client client, Place place, boolean byVersion1) {
    this.client = client;
    this.place = place;
    this.byVersion1 = byVersion1;
  }

  private record Found(List<S3Object> contents, boolean truncated) {}

  /**
   * What begins with {@code prefix} and comes after {@code startAfter}: one page with something.
   */
  Page page(String prefix, String startAfter) {
    boolean begins = startAfter.isEmpty() || startAfter.compareTo(prefix) < 0;
    String after = begins ? "" : place.name(startAfter);
    List<Stored> items = new ArrayList<>();
    while (true) {
      Found found = find(place.name(prefix), after);
      for (S3Object one : found.contents()) {
        after = one.key();
        String key = place.key(one.key());
        if (Store.isKey(key)) {
          items.add(
              new Stored(key, one.size(), one.lastModified().truncatedTo(ChronoUnit.SECONDS)));
        }
      }
      boolean last = !found.truncated() || found.contents().isEmpty();
      if (last || !items.isEmpty()) {
        return new Page(items, last);
      }
    }
  }

  private Found find(String prefix, String after) {
    if (byVersion1) {
      ListObjectsResponse page =
          client.listObjects(
              r -> {
                r.bucket(place.bucket()).prefix(prefix);
                if (!after.isEmpty()) {
                  r.marker(after);
                }
              });
      return new Found(page.contents(), page.isTruncated());
    }
    ListObjectsV2Response page =
        client.listObjectsV2(
            r -> {
              r.bucket(place.bucket()).prefix(prefix);
              if (!after.isEmpty()) {
                r.startAfter(after);
              }
            });
    return new Found(page.contents(), page.isTruncated());
  }
}
