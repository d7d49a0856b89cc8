package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonOutputTest {

  private static final JsonFactory JSON = new JsonFactory();

  @TempDir private Path directory = Path.of("");

  private Shell shell = Shell.bare();
  private String uploads = "";

  @BeforeEach
  void makeRepository() throws IOException {
    shell = Shell.in(directory);
    uploads = Files.createDirectory(directory.resolve("uploads")).toString();
    Files.writeString(Path.of(uploads, "a\nb.txt"), "hostile");
    assertOneValue(shell.done("init", "--json"));
    assertEvents(shell.done("backup", "--json", uploads));
  }

  @Test
  void questions_areAnsweredByOneValue() throws IOException {
    assertOneValue(shell.done("snapshots", "--json"));
    assertOneValue(shell.done("ls", "--json", "latest"));
    assertOneValue(shell.done("find", "--json", "*.txt"));
    assertOneValue(shell.done("--json", "diff", "latest", "latest"));
    assertOneValue(shell.done("stats", "--json"));
    assertOneValue(shell.done("key", "list", "--json"));
    assertOneValue(shell.done("key", "--json", "add", "--recovery"));
    assertOneValue(shell.done("version", "--json"));
  }

  @Test
  void longWork_isToldByEvents() throws IOException {
    assertEvents(shell.done("backup", "--json", uploads));
    assertEvents(
        shell.done("restore", "--json", "latest", "--target", directory.resolve("r").toString()));
    assertEvents(shell.done("check", "--json", "--level", "data"));
  }

  @Test
  void ls_ofAHostileName_keepsItApart() throws IOException {
    String answer = shell.done("ls", "--json", "latest");

    assertTrue(answer.contains("/a\\\\x0ab.txt\""), answer);
  }

  private static void assertOneValue(String answer) throws IOException {
    assertEquals(1, answer.lines().count(), answer);
    assertEquals(1, values(answer), answer);
  }

  private static void assertEvents(String answer) throws IOException {
    List<String> lines = answer.lines().toList();
    for (String line : lines) {
      assertEquals(1, values(line), line);
      assertTrue(line.startsWith("{\"event\":\""), line);
    }
    assertTrue(lines.get(lines.size() - 1).startsWith("{\"event\":\"done\""), answer);
  }

  private static int values(String text) throws IOException {
    int values = 0;
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        parser.skipChildren();
        values++;
      }
    }
    return values;
  }
}
