package dev.varve.store.gcs;

import com.google.cloud.storage.BlobInfo;
import java.util.function.BiConsumer;

/** What keeps an object from being deleted or replaced until somebody lifts it. */
enum Hold {
  TEMPORARY("temporary", BlobInfo.Builder::setTemporaryHold),
  /** A retention policy of the bucket begins to count when it is lifted. */
  EVENT_BASED("event-based", BlobInfo.Builder::setEventBasedHold);

  private final String word;
  private final BiConsumer<BlobInfo.Builder, Boolean> setting;

  Hold(String word, BiConsumer<BlobInfo.Builder, Boolean> setting) {
    this.word = word;
    this.setting = setting;
  }

  /** What it is called in options. */
  String word() {
    return word;
  }

  void put(BlobInfo.Builder item) {
    setting.accept(item, true);
  }

  void lift(BlobInfo.Builder item) {
    setting.accept(item, false);
  }
}
