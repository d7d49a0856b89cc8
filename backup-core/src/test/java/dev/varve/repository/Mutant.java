package dev.varve.repository;

import dev.varve.PruneOptions;
import dev.varve.internal.log.BrokenLogRules;
import dev.varve.internal.log.LogRules;
import dev.varve.internal.prune.BrokenPrune;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A way in which all processes of a {@link Simulation} are wrong: the real code, but for one rule.
 * {@code MutantsTest} wants each to be found.
 */
enum Mutant {
  /** None: the real code. */
  NONE(0, LogRules.REAL, Optional.empty()),
  /** A record that was refused is appended to the next slot as it is. */
  NO_VALIDATION_AFTER_REFUSAL(
      -4971030886054769832L, BrokenLogRules.withoutValidation(), Optional.empty()),
  /** {@code uses ∩ r.kills} is not looked at. */
  USES_MAY_BE_KILLED(-4971030886054769832L, BrokenLogRules.usesMayBeKilled(), Optional.empty()),
  /** {@code kills ∩ r.uses} is not looked at. */
  KILLS_MAY_BE_USED(7247291005937802624L, BrokenLogRules.killsMayBeUsed(), Optional.empty()),
  /** Each try to append has an id of its own. */
  NEW_ID_OF_RETRY(-1468102548290959518L, BrokenLogRules.newIdOfRetry(), Optional.empty()),
  /** Who deletes relies on any checkpoint that authenticates. */
  CHECKPOINT_BELIEVED(0, BrokenLogRules.believingCheckpoints(), Optional.empty()),
  /** Packs that are only retired are deleted. */
  DELETING_UNCONDEMNED(
      3512834546295320706L, LogRules.REAL, Optional.of(BrokenPrune.DELETING_UNCONDEMNED)),
  /** Runs that nobody added yet are deleted and the log is not told. */
  RUN_DELETED_UNTOLD(0, LogRules.REAL, Optional.of(BrokenPrune.RUN_DELETED_UNTOLD)),
  /** What was found out at one state is condemned as if it had been at a later one. */
  STALE_FOLD(613855154115144138L, LogRules.REAL, Optional.of(BrokenPrune.STALE_FOLD)),
  /** Names of packs come again. */
  REUSED_PACK_NAMES(-7055401868147744944L, LogRules.REAL, Optional.empty()),
  /** Items are put in place of others. */
  PLAIN_PUT(0, LogRules.REAL, Optional.empty());

  /** Those that are wrong. */
  static List<Mutant> all() {
    return List.of(values()).subList(1, values().length);
  }

  private final long seed;
  private final LogRules logRules;
  private final Optional<BrokenPrune> prune;

  Mutant(long seed, LogRules logRules, Optional<BrokenPrune> prune) {
    this.seed = seed;
    this.logRules = logRules;
    this.prune = prune;
  }

  /** The seed of a schedule that showed it. */
  long seed() {
    return seed;
  }

  RepositoryOptions.Builder options() {
    return Simulation.options().logRules(logRules);
  }

  void prune(Repository repository, PruneOptions options) {
    if (prune.isEmpty()) {
      repository.prune(options);
      return;
    }
    Callable<String> broken =
        () -> {
          prune.get().run(repository.vault(), options);
          return "";
        };
    Verbs.run("Pruning", broken);
  }
}
