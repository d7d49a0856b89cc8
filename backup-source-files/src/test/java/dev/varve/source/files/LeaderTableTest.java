package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class LeaderTableTest {

  @Property(tries = 50)
  void put_anyGroups_areFoundAsInAMap(@ForAll @Size(max = 500) long[] groups) {
    LeaderTable table = new LeaderTable();
    Map<Long, Long> expected = new HashMap<>();
    for (long group : groups) {
      assertEquals(expected.containsKey(group), table.has(group));
      if (!expected.containsKey(group)) {
        table.put(group, expected.size(), ~group);
        expected.put(group, (long) expected.size());
      }
    }
    expected.forEach(
        (group, ordinal) -> {
          assertEquals(ordinal, table.ordinal(group));
          assertEquals(~group, table.likeness(group));
        });
    assertFalse(new LeaderTable().has(0));
  }
}
