package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Deletes checkpoints that newer ones have made superfluous. Used by one thread. */
final class OldCheckpoints {

  private static final String PREFIX = "checkpoints/";

  /** How many are left: one that does not authenticate must not cost a fold from slot 0. */
  private static final int KEPT = 3;

  private final Vault vault;

  OldCheckpoints(Vault vault) {
    this.vault = vault;
  }

  /** Deletes all but the newest; what claims to be newer than the log counts for nothing. */
  Amount trim() throws IOException {
    long head = vault.state().slot();
    List<Stored> ours =
        Items.list(vault.store(), PREFIX).stream()
            .filter(item -> item.key().matches(PREFIX + "[0-7][0-9a-f]{15}-[0-9a-f]{32}"))
            .filter(item -> slot(item) <= head)
            .toList();
    List<Stored> old = ours.subList(0, Math.max(0, ours.size() - KEPT));
    Map<String, IOException> failures =
        vault.store().deleteAll(old.stream().map(Stored::key).toList());
    for (IOException failure : failures.values()) {
      throw failure;
    }
    return old.stream().map(item -> new Amount(1, item.size())).reduce(Amount.NONE, Amount::plus);
  }

  private static long slot(Stored item) {
    return HexFormat.fromHexDigitsToLong(item.key(), PREFIX.length(), PREFIX.length() + 16);
  }
}
