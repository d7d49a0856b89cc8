package dev.varve.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The worked example in {@code docs/format.md} is right to the last digit. */
class WorkedExampleTest {

  private static final Pattern LINE =
      Pattern.compile("^ {4}([a-z0-9 -]+) = (.+)$", Pattern.MULTILINE);

  @Test
  void everyValueOnThePage_isWhatTheSecondReaderComputes() {
    String section = FormatPage.find("\n## 20\\. (A worked example\n.*)$");
    Map<String, String> onThePage = new LinkedHashMap<>();
    for (Matcher line = LINE.matcher(section); line.find(); ) {
      onThePage.put(line.group(1), line.group(2));
    }
    assertEquals(
        WorkedExample.values(Path.of("src/test/resources/golden/example")).toString(),
        onThePage.toString());
  }
}
