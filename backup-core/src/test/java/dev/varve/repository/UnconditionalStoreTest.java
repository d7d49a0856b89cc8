package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.ConfigurationException;
import dev.varve.testkit.MemoryStore;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A store that ignores conditions would lose commits: it is found out before the first. */
class UnconditionalStoreTest {

  @Test
  void create_onAStoreThatReplaces_isRefused() {
    MemoryStore store = new MemoryStore().ignoringConditions();

    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> Repositories.create(store));

    assertEquals(
        "The store memory store creates items that exist already; several writers would lose each"
            + " other's commits. Use a store with conditional creation",
        failure.getMessage());
    assertEquals(Set.of(), store.keys("log/"));
  }
}
