package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.source.jdbc.JdbcTarget;
import dev.varve.source.jdbc.internal.dialect.Dump;
import dev.varve.source.jdbc.internal.dialect.DumpOptions;
import dev.varve.source.jdbc.internal.dialect.Load;
import dev.varve.source.jdbc.internal.dialect.Reading;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of tens and hundreds of megabytes pass through a small memory. */
class LargeRowsTest {

  private static final String TABLE =
      "CREATE TABLE public.\"Large\" (id integer, b bytea, \"of text\" text, g integer GENERATED"
          + " ALWAYS AS (id + 1) STORED, j jsonb, c char(3), a text[]); ";

  private static final String SUMS =
      "SELECT string_agg(concat_ws(',', id, md5(b), length(b), md5(\"of text\"), length(\"of text\"),"
          + " md5(j::text), c, md5(a::text)), ';' ORDER BY id) FROM public.\"Large\"";

  @TempDir Path directory;

  /** In a JVM of its own: dumps one database and loads another, without keeping what passes. */
  static final class Copying {
    private Copying() {}

    public static void main(String[] databases) throws IOException {
      PostgreSqlDialect dialect = new PostgreSqlDialect();
      DumpOptions one = new DumpOptions(Transfer.EVERYTHING, 1, false);
      try (Dump dump = dialect.dump(Server.connections(databases[0]), one, new RecordingContext());
          Load load =
              dialect.load(
                  Server.connections(databases[1]),
                  dump.plan(),
                  dump.plan().steps(),
                  Transfer.options(JdbcTarget.Mode.SWAP),
                  new RecordingContext())) {
        for (Step step : dump.plan().steps()) {
          try (Reading reading = dump.open(step);
              InputStream content = new Content(reading)) {
            load.take(step, content, OptionalLong.empty());
          }
        }
        load.commit();
      }
    }
  }

  private static final class Content extends InputStream {
    private final Reading reading;

    Content(Reading reading) {
      this.reading = reading;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int at, int length) throws IOException {
      return reading.read(ByteBuffer.wrap(bytes, at, length));
    }
  }

  @Test
  void rows_ofLargeValues_passThroughASmallMemory() throws Exception {
    String source = Server.fresh();
    Server.run(
        source,
        TABLE
            + "INSERT INTO public.\"Large\" VALUES (1, 'x', 'small', DEFAULT, '[]', 'c', '{a}'), (2, NULL,"
            + " NULL, DEFAULT, NULL, NULL, NULL); INSERT INTO public.\"Large\" (id, b, \"of text\") SELECT 3,"
            + " string_agg(sha512(i::text::bytea), ''), 'beside' FROM generate_series(1, 700000) i;"
            + " INSERT INTO public.\"Large\" (id, \"of text\", j, c, a) SELECT 4, repeat(E'tab\\t line\\n back\\\\ \u00e9', 3000000),"
            + " to_jsonb(repeat('j', 20000000)), 'd', ARRAY[repeat('\"e', 12000000), NULL];"
            + " INSERT INTO public.\"Large\" (id, b) SELECT 5, decode(repeat('00ff', 8388608), 'hex');"
            + " INSERT INTO public.\"Large\" (id) VALUES (6)");
    String target = Server.fresh();
    Path log = directory.resolve("log");
    ProcessBuilder copying =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Copying.class.getName(),
                source,
                target));
    Server.name(copying.environment());
    int code = copying.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertEquals(0, code, Files.readString(log));
    assertEquals(Server.ask(source, SUMS), Server.ask(target, SUMS));
  }

  @Test
  void rows_ofLargeValues_areWhatCopyWrites() throws SQLException, IOException {
    String source = Server.fresh();
    Server.run(
        source,
        TABLE
            + "INSERT INTO public.\"Large\" (id, b, \"of text\", c, a) SELECT 1, decode(repeat('00ff',"
            + " 5000000), 'hex'), repeat(E'\\b\\f\\n\\r\\t\\v\\\\ \u00e9', 2000000), 'c', '{NULL}'");
    Transfer dump = Transfer.dump(source);
    String written = dump.text("public/tables/Large/rows");
    String beginning = "1\t\\\\x00ff";
    String end = "\t\\N\tc  \t{NULL}\n";
    String text = "\\b\\f\\n\\r\\t\\v\\\\ \u00e9".repeat(2_000_000);
    assertEquals(beginning + "00ff".repeat(4_999_999) + "\t" + text + end, written);
  }
}
