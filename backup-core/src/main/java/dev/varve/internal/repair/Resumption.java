package dev.varve.internal.repair;

import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.Retire;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.DamageRecords;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides by a listing what becomes of the packs that a given-up slot might have condemned: those
 * that are gone are damaged, the others are of use again. Only to be used once every deletion that
 * the lost record may have allowed is over. Used by one thread.
 */
final class Resumption {

  private static final int PACKS_PER_RECORD = 3000;

  private final Vault vault;
  private final Cancellation cancellation;

  Resumption(Vault vault, Cancellation cancellation) {
    this.vault = vault;
    this.cancellation = cancellation;
  }

  void run() throws IOException {
    LogState state = vault.state();
    long decided = state.voids().last();
    List<PackStatus> suspended = new ArrayList<>();
    state.forEachPack(
        pack -> {
          if (Suspension.waits(state, pack)) {
            suspended.add(pack);
          }
        });
    List<PackName> there = new ArrayList<>();
    List<PackBlocks> gone = new ArrayList<>();
    PackListing listing = new PackListing(vault.store());
    for (PackStatus pack : suspended) {
      cancellation.check();
      if (listing.sizeOf(pack.name()).orElse(-1) >= pack.storedBytes()) {
        there.add(pack.name());
      } else {
        gone.add(PackBlocks.all(pack.name()));
      }
    }
    DamageRecords.append(vault.log(), gone, List.of());
    for (int i = 0; i < there.size(); i += PACKS_PER_RECORD) {
      List<PackName> some = there.subList(i, Math.min(there.size(), i + PACKS_PER_RECORD));
      Cancellation.shielded(() -> vault.log().append(resuming(some, decided)));
    }
    vault.refresh();
  }

  /** If another slot is given up meanwhile, everything waits anew. */
  private static Draft resuming(List<PackName> packs, long decided) {
    return new Draft() {
      @Override
      public LogRecord compute(LogState state) {
        return new Retire(
            state.slot(),
            List.of(),
            packs.stream().filter(pack -> Suspension.waits(state, state.pack(pack))).toList());
      }

      @Override
      public LogRecord again(LogRecord record, List<Conflict> conflicts, LogState state)
          throws IOException {
        if (state.voids().last() != decided) {
          throw new LogConflictException(record.kind(), conflicts);
        }
        return compute(state);
      }
    };
  }
}
