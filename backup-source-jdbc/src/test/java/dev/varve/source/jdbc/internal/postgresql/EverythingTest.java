package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One of everything goes over and is the same there. */
class EverythingTest {

  private static String source = "";
  private static Transfer dump = Transfer.NONE;
  private static String target = "";

  @BeforeAll
  static void transfer() throws SQLException, IOException {
    source = Everything.database();
    dump = Transfer.dump(source);
    target = Server.fresh();
    dump.load(target);
  }

  @Test
  void restore_oneOfEverything_catalogsTellTheSame() throws SQLException {
    assertEquals(
        List.of(),
        Judge.differences(Judge.definitions(source), Judge.definitions(target)).stream()
            // Named as left out, and what it is made of with it.
            .filter(line -> !line.contains("==="))
            .toList());
  }

  @Test
  void restore_oneOfEverything_rowsAreTheSame() throws SQLException {
    assertEquals(Judge.rows(source), Judge.rows(target));
  }

  @Test
  void dump_whatIsNotCarried_isNamed() {
    String leftOut = String.join("\n", dump.plan().leftOut());
    for (String named :
        new String[] {
          "operator shop.===",
          "text search configuration shop.words",
          "publication orders_pub",
          "cast from shop.address to text"
        }) {
      assertTrue(leftOut.contains(named), () -> named + " is not among " + leftOut);
    }
    assertEquals(4, dump.plan().leftOut().size(), leftOut);
  }

  @Test
  void dump_ofWhatWasRestored_isTheSame() throws IOException {
    Transfer again = Transfer.dump(target);
    assertEquals(dump.plan().steps().size(), again.plan().steps().size());
    for (var step : dump.plan().steps()) {
      if (step.path().toString().endsWith(".sql")) {
        assertEquals(
            dump.text(step.path().toString()),
            again.text(step.path().toString()),
            () -> step.path().toString());
      }
    }
  }
}
