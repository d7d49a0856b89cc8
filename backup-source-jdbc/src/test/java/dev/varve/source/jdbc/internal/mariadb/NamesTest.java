package dev.varve.source.jdbc.internal.mariadb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void withSchemas_replacesQualifiersAndNothingElse() {
    assertEquals(
        "select `new`.`t`.`old` AS `old`,'`old`.`x`',\"`old`.\" from `new`.`t` join `a`.`old`",
        Names.withSchemas(
            "select `old`.`t`.`old` AS `old`,'`old`.`x`',\"`old`.\" from `old`.`t` join `a`.`old`",
            Map.of("old", "new")));
    assertEquals(
        "`a``b`.`t` 'it''s \\' `old`.`x`'",
        Names.withSchemas("`old`.`t` 'it''s \\' `old`.`x`'", Map.of("old", "a`b")));
  }

  @Test
  void withReferences_qualifiesTablesOfForeignKeysAlone() {
    assertEquals(
        "CREATE TABLE `c` (CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `live`.`p` (`p`), FOREIGN KEY"
            + " (`x`) REFERENCES `own` (`p`), FOREIGN KEY (`y`) REFERENCES `o`.`p` (`p`))",
        Names.withReferences(
            "CREATE TABLE `c` (CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`p`), FOREIGN KEY"
                + " (`x`) REFERENCES `own` (`p`), FOREIGN KEY (`y`) REFERENCES `o`.`p` (`p`))",
            table -> table.equals("own") ? "" : "live"));
  }

  @Test
  void mentioned_namesInText_areNone() {
    assertEquals(Set.of("a", "b`c"), Names.mentioned("select `a` from `b``c` where x='`d`'"));
  }

  @Test
  void withoutDefiner_takesTheFirstAlone() {
    assertEquals(
        "CREATE PROCEDURE `p`() SELECT ' DEFINER=`x`@`y`'",
        Names.withoutDefiner(
            "CREATE DEFINER=`a``b`@`%` PROCEDURE `p`() SELECT ' DEFINER=`x`@`y`'"));
    assertEquals(
        "CREATE FUNCTION \"f\"()",
        Names.withoutDefiner("CREATE DEFINER=\"a\"@\"%\" FUNCTION \"f\"()"));
  }

  @Test
  void columns_areReadBackAsTheyWereWritten() throws IOException {
    List<Column> columns =
        List.of(
            new Column("a`, `b", Column.Kind.TEXT, "utf8mb4"),
            new Column("", Column.Kind.NUMBER, ""),
            new Column("c,d e", Column.Kind.ENUM, "latin1"));

    assertEquals(columns, Column.read(Column.write(columns)));
    assertThrows(IOException.class, () -> Column.read("`a` nothing"));
    assertThrows(IOException.class, () -> Column.read("`a"));
  }
}
