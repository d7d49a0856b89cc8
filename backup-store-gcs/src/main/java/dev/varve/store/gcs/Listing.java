package dev.varve.store.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobListOption;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists what lies in a place. What others put there under names that are no keys is passed over.
 * Safe for use by many threads.
 */
final class Listing {

  private static final long PAGE_ITEMS = 1000;

  /** The first character that a key can go on with; names begin from one, not after one. */
  private static final String FIRST = "-";

  private final Storage client;
  private final Place place;

  Listing(Storage client, Place place) {
    this.client = client;
    this.place = place;
  }

  /**
   * What begins with {@code prefix} and comes after {@code startAfter}: one page with something.
   */
  Page page(String prefix, String startAfter) {
    List<BlobListOption> options =
        new ArrayList<>(
            List.of(
                BlobListOption.prefix(place.name(prefix)),
                BlobListOption.pageSize(PAGE_ITEMS),
                BlobListOption.fields(BlobField.NAME, BlobField.SIZE, BlobField.TIME_CREATED)));
    if (startAfter.compareTo(prefix) >= 0 && !startAfter.isEmpty()) {
      options.add(BlobListOption.startOffset(place.name(startAfter + FIRST)));
    }
    com.google.api.gax.paging.Page<Blob> page =
        client.list(place.bucket(), options.toArray(BlobListOption[]::new));
    while (true) {
      List<Stored> items = new ArrayList<>();
      for (Blob one : page.getValues()) {
        String key = place.key(one.getName());
        if (Store.isKey(key)) {
          items.add(new Stored(key, one.getSize(), time(one)));
        }
      }
      if (!items.isEmpty() || !page.hasNextPage()) {
        return new Page(items, !page.hasNextPage());
      }
      page = page.getNextPage();
    }
  }

  /** When it was created, by the server's clock. */
  static Instant time(Blob item) {
    return item.getCreateTimeOffsetDateTime().toInstant();
  }
}
