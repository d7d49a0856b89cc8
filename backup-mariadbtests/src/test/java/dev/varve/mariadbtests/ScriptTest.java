package dev.varve.mariadbtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vendor's own programs agree. */
class ScriptTest {

  @TempDir Path directory;

  private final MariaDbServer server = MariaDbServer.shared();

  private String run(byte[] input, String program, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(MariaDbServer.unpacked().resolve("bin").resolve(program).toString());
    command.addAll(List.of("--no-defaults", "--skip-ssl", "--protocol=tcp"));
    String[] address = server.address().split(":", -1);
    command.addAll(List.of("-h", address[0], "-P", address[1], "-u", server.user()));
    command.addAll(arguments);
    Path in = Files.write(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true);
    process.environment().put("MYSQL_PWD", server.password());
    int exit = process.start().waitFor();
    String said = Files.readString(out, StandardCharsets.ISO_8859_1);
    assertEquals(0, exit, said);
    return said;
  }

  @Test
  void script_fedToTheClient_makesTheSame() throws Exception {
    String schema = server.newSchema();
    String copy = schema + "_copy";
    Everything.make(server, schema);
    byte[] script;
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.backup(schema);
      server.run("", "DROP DATABASE IF EXISTS " + copy);
      backups.restore(snapshot, backups.target().schema(schema, copy));
      script = backups.script(snapshot);
    }
    server.run("", "DROP DATABASE " + schema);

    run(script, "mariadb", List.of("--comments"));

    Judge.assertEqual(server, copy, server, schema);
  }

  @Test
  void mariadbDump_ofBoth_isEqual() throws Exception {
    String schema = server.newSchema();
    String copy = schema + "_copy";
    Everything.make(server, schema);
    server.run("", "DROP DATABASE IF EXISTS " + copy);
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.backup(schema);
      backups.restore(snapshot, backups.target().schema(schema, copy));
    }

    assertEquals(dumped(schema), dumped(copy).replace("`" + copy + "`", "`" + schema + "`"));
  }

  private String dumped(String schema) throws Exception {
    return run(
        new byte[0],
        "mariadb-dump",
        List.of(
            "--skip-comments",
            "--hex-blob",
            "--routines",
            "--events",
            "--triggers",
            "--order-by-primary",
            schema));
  }

  @Test
  void script_isReadable() throws IOException {
    String schema = server.newSchema();
    server.run(
        schema,
        "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20), b BLOB)",
        "INSERT INTO t VALUES (-1,'it''s\\na',x'00ff'),(2,NULL,'')");
    try (Backups backups = new Backups(server)) {
      Snapshot snapshot = backups.backup(schema);
      String script = new String(backups.script(snapshot), StandardCharsets.UTF_8);

      assertEquals(
          "INSERT INTO `t` (`id`,`name`,`b`) VALUES\n(-1,'it\\'s\\na',x'00FF'),\n(2,NULL,x'');\n",
          script.substring(script.indexOf("INSERT"), script.indexOf("COMMIT")));
      assertEquals(
          "-1\tit's\\na\t\0\u00ff\n2\t\\N\t\n",
          bytes(backups, snapshot, schema + "/tables/t/rows"));
    }
  }

  private static String bytes(Backups backups, Snapshot snapshot, String path) throws IOException {
    try (var content = backups.repository().content(snapshot, path)) {
      return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
