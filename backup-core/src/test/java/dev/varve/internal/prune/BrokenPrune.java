package dev.varve.internal.prune;

import dev.varve.Listener;
import dev.varve.PruneOptions;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Ways to break a rule of the real prune, which a simulation must notice. */
public enum BrokenPrune {
  /** Packs that are only retired are deleted. */
  DELETING_UNCONDEMNED {
    @Override
    PruneRules rules(PruneOptions options) {
      return new PruneRules(options, true) {
        @Override
        OptionalLong condemnedAt(PackStatus pack) {
          return pack.isRetired() ? OptionalLong.of(pack.retiredAt()) : super.condemnedAt(pack);
        }

        @Override
        Predicate<String> condemnedBy(List<LogEntry> entries) {
          return key -> true;
        }
      };
    }
  },
  /** Runs that nobody added yet are deleted and the log is not told. */
  RUN_DELETED_UNTOLD {
    @Override
    PruneRules rules(PruneOptions options) {
      return new PruneRules(options, true) {
        @Override
        OptionalLong condemnedAt(RunStatus run) {
          return isUnnamed(run) ? OptionalLong.of(0) : super.condemnedAt(run);
        }

        @Override
        Predicate<String> condemnedBy(List<LogEntry> entries) {
          return entries.stream().anyMatch(entry -> entry.slot() == 0)
              ? key -> key.startsWith("index/")
              : super.condemnedBy(entries);
        }
      };
    }
  },
  /** What was found out at one state is claimed to hold at a later one. */
  STALE_FOLD {
    @Override
    PruneRules rules(PruneOptions options) {
      return new PruneRules(options, true) {
        @Override
        Draft condemning(Condemn record) {
          return state ->
              new Condemn(state.slot(), record.packs(), record.runs(), record.keepers());
        }
      };
    }
  };

  abstract PruneRules rules(PruneOptions options);

  /** Takes every step now due, by the broken rules. */
  public void run(Vault vault, PruneOptions options) throws IOException {
    new Prune(
            vault,
            rules(options),
            InstantSource.system(),
            new Reporter(Listener.NONE),
            new Cancellation())
        .run();
  }
}
