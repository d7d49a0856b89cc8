package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Items cannot be found, are not listed, are cut, flipped or others than they were while each
 * {@link PublicVerb} is at work, and are well again afterwards: no wrong answer was given, nothing
 * that was there is lost, and what was made meanwhile names what it lacks.
 */
class VerbLossTest {

  private static final int DEEP_ROUNDS = 2_000;

  private final Random random = Seeds.random(VerbLossTest.class);
  private final Scene made = new Scene(new MemoryStore().pageSize(5), new MemoryStore());

  @Test
  void anyVerb_itemsMissingOrWrongMeanwhile_losesNothingAndGivesNoWrongAnswer() {
    Map<PublicVerb, Scene> prepared = new EnumMap<>(PublicVerb.class);
    Arrays.stream(PublicVerb.values()).forEach(verb -> prepared.put(verb, verb.prepare(made)));
    int trials = 0;
    int failures = 0;
    long end = Seeds.end();
    for (int i = 0; i < 1 || (Seeds.DEEP ? i < DEEP_ROUNDS : System.nanoTime() < end); i++) {
      for (Map.Entry<PublicVerb, Scene> each : prepared.entrySet()) {
        failures += tried(each.getKey(), each.getValue()) ? 0 : 1;
        trials++;
      }
    }
    System.out.println(trials + " verbs over unreliable stores, of which " + failures + " failed");
    assertTrue(failures > 0 && failures < trials, failures + " of " + trials);
  }

  /** Whether it was done. */
  private boolean tried(PublicVerb verb, Scene prepared) {
    Scene scene = prepared.take();
    UnreliableStore odd = new UnreliableStore(scene.place.handle());
    List<String> keys = List.copyOf(scene.place.keys());
    List<String> what = new ArrayList<>();
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      what.add(disturb(odd, scene.place, keys.get(random.nextInt(keys.size()))));
    }
    try {
      Optional<Throwable> failure = attempt(verb, odd, scene);
      scene.judgeHealed(verb, scene.place::handle, failure);
      return failure.isEmpty();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(verb + " with " + what + ": " + e, e);
    }
  }

  private static Optional<Throwable> attempt(PublicVerb verb, UnreliableStore odd, Scene scene) {
    try (Repository repository = Scene.open(odd)) {
      verb.run(repository, scene);
      return Optional.empty();
    } catch (BackupException | IOException failure) {
      return Optional.of(failure);
    }
  }

  private String disturb(UnreliableStore odd, MemoryStore place, String key) {
    byte[] bytes = place.bytes(key);
    switch (random.nextInt(6)) {
      case 0 -> {
        odd.lose(key);
        return key + " lost";
      }
      case 1 -> {
        odd.haunt(key);
        return key + " a ghost";
      }
      case 2 -> {
        odd.hide(key);
        return key + " not listed";
      }
      case 3 -> {
        int bit = random.nextInt(8 * bytes.length);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        odd.serve(key, bytes);
        return key + " bit " + bit + " flipped";
      }
      case 4 -> {
        int length = random.nextInt(bytes.length);
        odd.serve(key, Arrays.copyOf(bytes, length));
        return key + " cut to " + length;
      }
      default -> {
        String prefix = key.contains("/") ? key.substring(0, key.indexOf('/') + 1) : key;
        List<String> others = List.copyOf(place.keys(prefix));
        String other = others.get(random.nextInt(others.size()));
        odd.serve(key, place.bytes(other));
        return key + " read as " + other;
      }
    }
  }
}
