package dev.varve.internal.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Listener;
import dev.varve.Problem;
import dev.varve.internal.task.Reporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What cannot be read is told once, and blocks only where nobody knows what it held. */
class UnreadableTest {

  @Test
  void note_blocksNothing_inTheWayDoes() {
    Unreadable unreadable = new Unreadable();
    unreadable.note("a pack");
    assertFalse(unreadable.blocks());
    unreadable.inTheWay("a catalog");
    assertTrue(unreadable.blocks());
    unreadable.note("a pack");
    assertEquals(List.of("a pack", "a catalog"), unreadable.list());
  }

  @Test
  void tell_saysEachOnce() {
    Unreadable unreadable = new Unreadable();
    unreadable.note("a pack");
    unreadable.inTheWay("a catalog");
    List<Problem> told = new ArrayList<>();
    unreadable.tell(
        new Reporter(
            new Listener() {
              @Override
              public void problem(Problem problem) {
                told.add(problem);
              }
            }));
    assertEquals(
        List.of(
            new Problem(Optional.empty(), "a pack"), new Problem(Optional.empty(), "a catalog")),
        told);
  }

  @Test
  void list_ofVeryMany_endsAfterTheFirstThousand() {
    Unreadable unreadable = new Unreadable();
    for (int i = 0; i < 1500; i++) {
      unreadable.inTheWay("pack " + i);
    }
    assertEquals(1000, unreadable.list().size());
    assertEquals("pack 999", unreadable.list().get(999));
  }
}
