package dev.varve.repository;

import dev.varve.Snapshot;
import dev.varve.store.Store;
import java.util.stream.Stream;

/** Drops snapshots as another process would, and closes the store. */
final class Forgetting {

  private Forgetting() {}

  static void forget(Store store, Snapshot... snapshots) {
    try (Repository repository = Repositories.openInline(store)) {
      repository.forget(Stream.of(snapshots).map(Snapshot::id).toList());
    }
  }
}
