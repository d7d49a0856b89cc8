package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.testkit.MemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@link PublicVerb} lists every verb there is, and each does what it says when all is well. */
class PublicVerbsTest {

  /** What asks no store. {@code FaultsTest} and the power loss of repositories try the makers. */
  private static final Set<String> NO_VERBS =
      Set.of(
          "id",
          "location",
          "toString",
          "close",
          "keys",
          "open",
          "create",
          "openOrCreate",
          "several.of",
          "several.patience");

  @Test
  void everyPublicVerb_isInTheTable() {
    Set<String> methods = new TreeSet<>();
    methods.addAll(methods(Repository.class, ""));
    methods.addAll(methods(KeySlots.class, "keys."));
    methods.addAll(methods(SeveralRepositories.class, "several."));
    methods.removeAll(NO_VERBS);

    assertEquals(methods, new TreeSet<>(PublicVerb.tried()));
  }

  private static Set<String> methods(Class<?> type, String prefix) {
    Set<String> names = new TreeSet<>();
    Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(Method::getName)
        .forEach(name -> names.add(prefix + name));
    return names;
  }

  @Test
  void everyVerb_undisturbed_isDoneAndChangesNothingElse() {
    Scene made = new Scene(new MemoryStore(), new MemoryStore());
    for (PublicVerb verb : PublicVerb.values()) {
      try {
        Scene scene = verb.prepare(made);
        Set<String> before = scene.place.keys();
        try (Repository repository = Scene.open(scene.place.handle())) {
          verb.run(repository, scene);
          verb.requireDone(repository, scene);
        }
        assertTrue(verb.writes() || before.equals(scene.place.keys()), "It changed something");
        scene.judge(verb, scene.place::handle, Optional.empty());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(verb + ": " + e, e);
      }
    }
  }
}
