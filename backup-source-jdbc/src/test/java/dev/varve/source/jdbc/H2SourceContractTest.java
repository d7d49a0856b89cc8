package dev.varve.source.jdbc;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.testkit.SourceContractTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;

/** What every source promises, asked of tables whose text can be told beforehand. */
class H2SourceContractTest extends SourceContractTest {

  private static final EntryPath LARGE = PathNames.path("PUBLIC", "tables", "LARGE", "rows");

  private final String url = Databases.h2();
  private char first = 'a';

  @BeforeEach
  void fill() throws Exception {
    Databases.run(
        url,
        "create table large(id int primary key, content varchar)",
        "insert into large values(1, repeat('a', 200000))",
        "create table small(id int)",
        "insert into small values(7)");
  }

  @Override
  protected Source source() {
    return JdbcSource.of(url).named("contract").host("here").portable();
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() throws Exception {
    TreeMap<EntryPath, byte[]> contents = new TreeMap<>();
    contents.put(
        LARGE, bytes("ID integer\tCONTENT text\n1\t" + first + "a".repeat(199_999) + "\n"));
    contents.put(
        PathNames.path("PUBLIC", "tables", "LARGE", "definition"),
        bytes(definition("LARGE", "CONTENT")));
    contents.put(PathNames.path("PUBLIC", "tables", "SMALL", "rows"), bytes("ID integer\n7\n"));
    contents.put(
        PathNames.path("PUBLIC", "tables", "SMALL", "definition"), bytes(definition("SMALL", "")));
    try (Repos repos = new Repos()) {
      contents.put(PlanFile.PATH, bytes(repos.text(repos.backup(source()), "varve/plan")));
    }
    return contents;
  }

  private static String definition(String table, String more) {
    boolean key = table.equals("LARGE");
    List<String> lines =
        key
            ? List.of(
                "{",
                "  \"columns\" : [ {",
                "    \"name\" : \"ID\",",
                "    \"type\" : \"integer\"",
                "  }, {",
                "    \"name\" : \"" + more + "\",",
                "    \"type\" : \"text\",",
                "    \"nullable\" : true",
                "  } ],",
                "  \"primaryKey\" : [ \"ID\" ]",
                "}")
            : List.of(
                "{",
                "  \"columns\" : [ {",
                "    \"name\" : \"ID\",",
                "    \"type\" : \"integer\",",
                "    \"nullable\" : true",
                "  } ]",
                "}");
    return String.join("\n", lines) + "\n";
  }

  @Override
  protected Optional<EntryPath> change() throws Exception {
    first++;
    Databases.run(url, "update large set content = '" + first + "' || repeat('a', 199999)");
    return Optional.of(LARGE);
  }

  /** A view that was begun sees what was there. */
  @Override
  protected Optional<EntryPath> remove() throws Exception {
    Databases.run(url, "delete from small");
    Databases.run(url, "insert into small values(7)");
    return Optional.empty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
