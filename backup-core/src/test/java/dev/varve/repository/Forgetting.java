package dev.varve.repository;

import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Forget;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Drops snapshots by a record of the log and nothing else. */
final class Forgetting {

  private Forgetting() {}

  static void forget(Store store, Snapshot... snapshots) throws IOException {
    List<SnapshotId> dropped = Stream.of(snapshots).map(Snapshot::id).toList();
    RepositoryOptions options = Repositories.options().inline().build();
    try (Vault vault = new VaultDoor(store, options.forVault()).open(Repositories.KEY).vault()) {
      vault.log().verify();
      vault.log().append(Draft.computed(at -> new Forget(at.slot(), dropped, List.of())));
    }
  }
}
