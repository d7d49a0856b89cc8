package dev.varve.searchtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a backup would lack is said before there is one. */
class CheckTest extends OnEveryNode {

  CheckTest(Node node) {
    super(node);
  }

  @Test
  void check_whatCannotBeCarried_isNamed() {
    http.put("/" + prefix + "off", "{\"mappings\":{\"_source\":{\"enabled\":false}}}");
    http.put("/" + prefix + "filtered", "{\"mappings\":{\"_source\":{\"excludes\":[\"x\"]}}}");
    http.put("/" + prefix + "closed", "");
    http.post("/" + prefix + "closed/_close", "");
    // No node is called so, so that its shards are nowhere.
    http.put(
        "/" + prefix + "red?wait_for_active_shards=0",
        "{\"settings\":{\"index.routing.allocation.require._name\":\"nobody\"}}");
    http.put("/" + prefix + "fine", "");

    String problems =
        repository()
            .checkSource(
                Searches.source(url(), prefix).include(prefix + "fine").include("absent").build())
            .toString();
    // Whoever asks for its documents waits.
    http.delete("/" + prefix + "red");

    for (String named : List.of("off", "filtered", "closed", "red")) {
      assertTrue(problems.contains(prefix + named), named + ": " + problems);
    }
    assertTrue(problems.contains("absent"), problems);
    assertFalse(problems.contains(prefix + "fine"), problems);
  }

  @Test
  void check_allIsThere_saysNothing() {
    http.put("/" + prefix + "fine", "");

    assertEquals(List.of(), repository().checkSource(Searches.source(url(), prefix).build()));
  }

  @Test
  void check_nobodyAnswers_saysWhere() throws IOException {
    URI nowhere;
    try (Wire wire = new Wire(url())) {
      nowhere = wire.url();
    }

    BackupException failure =
        assertThrows(
            BackupException.class,
            () ->
                repository()
                    .checkSource(Searches.source(nowhere, prefix, Duration.ofMillis(1)).build()));

    assertTrue(failure.toString().contains(nowhere.getAuthority()), failure.toString());
  }
}
