package dev.varve.examples.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void lines_ofColumns_standBelowEachOther() {
    Table table = new Table("NAME", ">SIZE", "NOTE");
    table.add("a", "1", "");
    table.add("longer", "12345", "x");

    assertEquals(
        List.of("NAME     SIZE  NOTE", "a           1", "longer  12345  x"), table.lines());
  }

  @Test
  void add_rowWithTooFewCells_isRefused() {
    Table table = new Table("A", "B");

    assertThrows(IllegalArgumentException.class, () -> table.add("only"));
  }
}
