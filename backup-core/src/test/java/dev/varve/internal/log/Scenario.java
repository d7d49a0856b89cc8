package dev.varve.internal.log;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A small case: how it begins, and how often which step may be begun.
 *
 * @param name what it is about
 * @param setup makes the first records
 * @param budget how often which move may be made
 * @param mostPending how many may be on their way to the log at once
 * @param contents what backups read: numbers of chunks
 * @param lag how many slots ago a backup may have begun that looks for its chunks now
 * @param flaws what is wrong with the protocol
 */
record Scenario(
    String name,
    Consumer<World> setup,
    Map<Move, Integer> budget,
    int mostPending,
    List<List<Integer>> contents,
    int lag,
    List<Flaw> flaws) {

  /** What an actor may begin, or what may befall. */
  enum Move {
    BACKUP,
    PARTIAL,
    FORGET,
    KEEP_LAST,
    UNDELETE,
    PIN,
    RETIRE,
    RESUME,
    CONDEMN,
    CONDEMN_RUN,
    MERGE,
    REPACK,
    DAMAGE,
    LOSE,
    VOID,
    DELETE,
    WAIT
  }

  static Scenario of(String name, Consumer<World> setup, int mostPending, Object... budget) {
    Map<Move, Integer> moves = new EnumMap<>(Move.class);
    for (int i = 0; i < budget.length; i += 2) {
      moves.put((Move) budget[i], (Integer) budget[i + 1]);
    }
    return new Scenario(name, setup, moves, mostPending, List.of(List.of(1)), 0, List.of());
  }

  Scenario reading(List<List<Integer>> itsContents) {
    return new Scenario(name, setup, budget, mostPending, itsContents, lag, flaws);
  }

  Scenario begunUpTo(int slotsAgo) {
    return new Scenario(name, setup, budget, mostPending, contents, slotsAgo, flaws);
  }

  Scenario with(Flaw flaw) {
    return new Scenario(name, setup, budget, mostPending, contents, lag, List.of(flaw));
  }

  boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }
}
