package dev.varve.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of {@code docs/format.md}, whose examples are computed again by the tests. */
final class FormatPage {

  private static final Path FILE = Path.of("../docs/format.md");

  private FormatPage() {}

  static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the first group of a pattern finds on the page. */
  static String find(String pattern) {
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text());
    if (!matcher.find()) {
      throw new AssertionError("docs/format.md says nothing like " + pattern);
    }
    return matcher.group(1);
  }
}
