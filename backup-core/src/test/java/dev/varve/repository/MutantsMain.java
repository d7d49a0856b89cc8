package dev.varve.repository;

import java.util.List;
import java.util.Random;

/**
 * Runs simulations of each {@link Mutant}, first by the seed that showed it before, until one
 * fails, and says which: {@code MutantsMain seed budget [mutant…]}, in a process of its own.
 */
final class MutantsMain {

  private static final int MOST_REASON = 140;

  private MutantsMain() {}

  public static void main(String... arguments) {
    SeededRandomness.install();
    Simulation.warmUp();
    long seed = Long.parseLong(arguments[0]);
    int budget = Integer.parseInt(arguments[1]);
    List<String> wanted = List.of(arguments).subList(2, arguments.length);
    for (Mutant mutant : Mutant.all()) {
      if (!wanted.isEmpty() && !wanted.contains(mutant.name())) {
        continue;
      }
      System.out.println(verdict(mutant, new Random(seed), budget));
    }
  }

  private static String verdict(Mutant mutant, Random seeds, int budget) {
    for (int schedules = 0; schedules <= budget; schedules++) {
      long seed = schedules == 0 ? mutant.seed() : seeds.nextLong();
      try {
        new Simulation(seed, mutant).run();
      } catch (Exception | AssertionError found) {
        String reason = String.valueOf(found.getMessage()).replaceAll("(?s)^[^:]*: |\n.*", "");
        return String.format(
            "caught %s by schedule %d, seed %d: %s",
            mutant, schedules, seed, reason.substring(0, Math.min(reason.length(), MOST_REASON)));
      }
    }
    return mutant + " survived " + budget + " schedules";
  }
}
