package dev.varve.repository;

import java.util.Random;

/**
 * Runs simulations in a process of its own, whose randomness all follows from the seed: {@code
 * SimulationMain seed schedules seconds [mutant]}. Stops with exit code 1 at the first that fails;
 * {@code SimulationMain its-seed 1 0} runs that again.
 */
final class SimulationMain {

  private SimulationMain() {}

  public static void main(String... arguments) throws Exception {
    SeededRandomness.install();
    Simulation.warmUp();
    long seed = Long.parseLong(arguments[0]);
    long schedules = Long.parseLong(arguments[1]);
    long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000_000L;
    Mutant mutant = arguments.length > 3 ? Mutant.valueOf(arguments[3]) : Mutant.NONE;
    Random seeds = new Random(seed);
    long done = 0;
    long turns = 0;
    long changes = 0;
    long verified = 0;
    long restores = 0;
    long faults = 0;
    long deaths = 0;
    long conflicts = 0;
    long deletions = 0;
    int history = 0;
    try {
      while (done < schedules || System.nanoTime() < end) {
        Simulation.Result result =
            new Simulation(done == 0 ? seed : seeds.nextLong(), mutant).run();
        done++;
        turns += result.turns();
        changes += result.changes();
        verified += result.verified();
        restores += result.restores();
        faults += result.faults();
        deaths += result.deaths();
        conflicts += result.conflicts();
        deletions += result.deletions();
        history = 31 * history + result.history();
      }
    } catch (AssertionError failure) {
      failure.printStackTrace();
      System.out.println("That was after " + done + " others");
      System.exit(1);
    }
    System.out.printf(
        "%d schedules, %d store calls, %d changes, %d packs deleted, %d faults, %d deaths,"
            + " %d verbs overtaken, %d snapshots verified, %d of them restored and compared,"
            + " history %08x%n",
        done, turns, changes, deletions, faults, deaths, conflicts, verified, restores, history);
  }
}
