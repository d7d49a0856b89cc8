package dev.varve.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NameTableTest {

  private record Name(long high, long low) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int order = Long.compareUnsigned(high, other.high);
      return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
  }

  @Property(tries = 50)
  void tables_holdWhatASortedMapHolds_andOldOnesStayAsTheyWere(@ForAll long seed) {
    Random random = new Random(seed);
    TreeMap<Name, Long> model = new TreeMap<>();
    NameTable table = NameTable.EMPTY;
    List<NameTable> older = new ArrayList<>();
    List<Map<Name, Long>> olderModels = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      NameTable.Editor editor = table.edit();
      for (int i = random.nextInt(400); i > 0; i--) {
        Name name = new Name(random.nextInt(1000) * 0x9E37_79B9_7F4A_7C15L, random.nextInt(2));
        long value = random.nextLong();
        editor.put(name.high(), name.low(), value, ~value);
        model.put(name, value);
      }
      table = editor.table();
      older.add(table);
      olderModels.add(new TreeMap<>(model));
    }
    for (int i = 0; i < older.size(); i++) {
      assertSame(olderModels.get(i), older.get(i));
    }
  }

  /** Every name has its place by its first bits: a million must not be moved for each. */
  @Test
  void manyNames_areSpreadOverBuckets() {
    NameTable.Editor editor = NameTable.EMPTY.edit();
    Random random = new Random(9);
    TreeMap<Name, Long> model = new TreeMap<>();
    for (int i = 0; i < 60_000; i++) {
      Name name = new Name(random.nextLong(), random.nextLong());
      editor.put(name.high(), name.low(), i, ~i);
      model.put(name, (long) i);
    }
    assertSame(model, editor.table());
  }

  private static void assertSame(Map<Name, Long> model, NameTable table) {
    assertEquals(model.size(), table.size());
    List<Name> names = new ArrayList<>();
    table.forEach(
        (high, low, first, second) -> {
          names.add(new Name(high, low));
          assertEquals(new NameTable.Row(first, second), table.row(high, low));
        });
    assertEquals(new ArrayList<>(model.keySet()), names);
    model.forEach(
        (name, value) ->
            assertEquals(new NameTable.Row(value, ~value), table.row(name.high(), name.low())));
    assertEquals(NameTable.Row.NONE, table.row(1, 12345));
  }
}
