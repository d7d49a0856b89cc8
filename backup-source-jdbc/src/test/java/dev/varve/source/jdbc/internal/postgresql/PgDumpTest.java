package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL's own dump program judges: it sees the same in both databases. It must be installed
 * and not older than the server.
 */
class PgDumpTest {

  private static final Pattern VERSION = Pattern.compile("\\) (\\d+)");

  @TempDir Path directory;

  @Test
  void restore_oneOfEverything_pgDumpSeesTheSame() throws Exception {
    assumeTrue(version() >= Server.version(), "no pg_dump for this server is installed");
    String source = Everything.database();
    String target = Server.fresh();
    Transfer.dump(source).load(target);
    assertEquals(List.of(), Judge.differences(schema(source), schema(target)));
  }

  private static int version() throws IOException, InterruptedException {
    boolean installed =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "pg_dump")));
    if (!installed) {
      return 0;
    }
    Process process = new ProcessBuilder("pg_dump", "--version").start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher matcher = VERSION.matcher(told);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** What it writes, thing by thing, without what a dump of ours names as left out. */
  private List<String> schema(String database) throws IOException, InterruptedException {
    Path out = directory.resolve(database);
    ProcessBuilder dump =
        new ProcessBuilder("pg_dump", "--schema-only", "-f", out.toString(), Server.place(database))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    dump.environment().put("PGPASSWORD", Server.password());
    int code = dump.start().waitFor();
    assertEquals(0, code, Files.readString(directory.resolve("log")));
    return Arrays.stream(Files.readString(out).split("\n--\n-- Name: ", -1))
        .skip(1)
        .filter(
            thing ->
                !thing.matches(
                    "(?s).*Type: (OPERATOR|CAST|TEXT SEARCH CONFIGURATION|PUBLICATION.*?); .*"))
        .map(thing -> thing.replaceAll("(?m)^\\\\(un)?restrict .*$", ""))
        .collect(Collectors.toList());
  }
}
