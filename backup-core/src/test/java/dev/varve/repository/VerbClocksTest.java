package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.ConflictException;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The store's clock says at each call whatever it likes within ten years, while each {@link
 * PublicVerb} is done, in any order: nothing is lost by it but what was forgotten, and nothing
 * fails but by what others did before. What clients' clocks say is nowhere asked.
 */
class VerbClocksTest {

  private static final int DEEP_ROUNDS = 1_000;
  private static final Instant EPOCH = Instant.parse("2026-01-01T03:00:00Z");

  private final Random random = Seeds.random(VerbClocksTest.class);
  private boolean mad;
  private Instant now = EPOCH;
  private final Scene made =
      new Scene(new MemoryStore().clock(this::tell), new MemoryStore().clock(this::tell));

  private Instant tell() {
    now = now.plusSeconds(1);
    if (mad && random.nextInt(3) == 0) {
      now = EPOCH.plus(Duration.ofMinutes((long) ((random.nextDouble() - 0.5) * 20 * 365 * 1440)));
    }
    return now;
  }

  @Test
  void allVerbs_clockSaysAnything_loseNothing() {
    int verbs = 0;
    int refused = 0;
    long end = Seeds.nearEnd();
    for (int i = 0; i < 3 || (Seeds.DEEP ? i < DEEP_ROUNDS : System.nanoTime() < end); i++) {
      List<PublicVerb> order = new ArrayList<>(List.of(PublicVerb.values()));
      Collections.shuffle(order, random);
      Scene scene = made.take();
      mad = true;
      for (PublicVerb verb : order) {
        refused += done(verb, scene, order) ? 0 : 1;
        verbs++;
      }
    }
    System.out.println(verbs + " verbs by a mad clock, of which " + refused + " were refused");
    assertTrue(refused < verbs / 2, refused + " of " + verbs);
  }

  private boolean done(PublicVerb verb, Scene scene, List<PublicVerb> order) {
    boolean done = true;
    try (Repository repository = Scene.open(scene.place.handle())) {
      verb.run(repository, scene);
    } catch (ConfigurationException | ConflictException refused) {
      done = false;
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(verb + " in " + order + ": " + e, e);
    }
    try {
      scene.verify(scene.place::handle);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("After " + verb + " in " + order + ": " + e, e);
    }
    return done;
  }
}
