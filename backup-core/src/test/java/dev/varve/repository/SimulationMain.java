package dev.varve.repository;

import java.time.Duration;
import java.util.Random;

/**
 * Runs simulations in a process of its own, whose randomness all follows from the seed: {@code
 * SimulationMain seed schedules seconds [mutant]}. Stops with exit code 1 at the first that fails;
 * {@code SimulationMain its-seed 1 0} runs that again. Says once in five minutes how far it is.
 */
final class SimulationMain {

  private static final long SAY_NANOS = Duration.ofMinutes(5).toNanos();

  private long done;
  private long turns;
  private long changes;
  private long deletions;
  private long verified;
  private long restores;
  private long faults;
  private long deaths;
  private long conflicts;
  private int history;

  private SimulationMain() {}

  public static void main(String... arguments) throws Exception {
    SeededRandomness.install();
    Simulation.warmUp();
    long seed = Long.parseLong(arguments[0]);
    long schedules = Long.parseLong(arguments[1]);
    long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
    Mutant mutant = arguments.length > 3 ? Mutant.valueOf(arguments[3]) : Mutant.NONE;
    SimulationMain sum = new SimulationMain();
    try {
      sum.run(seed, schedules, end, mutant);
    } catch (AssertionError failure) {
      failure.printStackTrace();
      System.out.println("That was after " + sum.done + " others");
      System.exit(1);
    }
    System.out.println(sum);
  }

  private void run(long seed, long schedules, long end, Mutant mutant) throws Exception {
    Random seeds = new Random(seed);
    long saidAtNanos = System.nanoTime();
    while (done < schedules || System.nanoTime() < end) {
      add(new Simulation(done == 0 ? seed : seeds.nextLong(), mutant).run());
      if (System.nanoTime() - saidAtNanos > SAY_NANOS) {
        saidAtNanos = System.nanoTime();
        System.out.println("so far: " + this);
      }
    }
  }

  private void add(Simulation.Result result) {
    done++;
    turns += result.turns();
    changes += result.changes();
    deletions += result.deletions();
    verified += result.verified();
    restores += result.restores();
    faults += result.faults();
    deaths += result.deaths();
    conflicts += result.conflicts();
    history = 31 * history + result.history();
  }

  @Override
  public String toString() {
    return String.format(
        "%d schedules, %d store calls, %d changes, %d packs deleted, %d faults, %d deaths,"
            + " %d verbs overtaken, %d snapshots verified, %d of them restored and compared,"
            + " history %08x",
        done, turns, changes, deletions, faults, deaths, conflicts, verified, restores, history);
  }
}
