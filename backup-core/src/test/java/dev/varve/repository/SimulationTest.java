package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several processes at work in one repository, interleaved at every store call in orders drawn at
 * random, with faults, deaths and requests done late or twice: nothing finished is ever lost. What
 * fails names its seed; {@code -Dvarve.seed} with that seed runs the same again.
 */
class SimulationTest {

  private static final long SCHEDULES = Seeds.DEEP ? 1_000_000 : 20;
  private static final long SECONDS = Seeds.DEEP ? 0 : 30;

  /**
   * In the deep build by as many processes as there are processors: each has its own randomness.
   */
  @Test
  void anySchedule_everyFinishedSnapshotRestores() throws Exception {
    int processes = Seeds.DEEP ? Runtime.getRuntime().availableProcessors() : 1;
    long seed = Seeds.seed(SimulationTest.class);
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      running.add(start(seed + i, SCHEDULES / processes, SECONDS));
    }
    List<String> said = new ArrayList<>();
    for (Process process : running) {
      said.add(ended(process));
    }
    said.forEach(System.out::print);
  }

  @Test
  void sameSeed_sameHistory() throws Exception {
    assertEquals(simulate(7, 10, 0), simulate(7, 10, 0));
  }

  private static String simulate(long seed, long schedules, long seconds)
      throws IOException, InterruptedException {
    return ended(start(seed, schedules, seconds));
  }

  private static Process start(long seed, long schedules, long seconds) throws IOException {
    return Child.start(
        SimulationMain.class,
        List.of("-Xmx256m", "-XX:+UseSerialGC"),
        List.of(Long.toString(seed), Long.toString(schedules), Long.toString(seconds)));
  }

  private static String ended(Process process) throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
