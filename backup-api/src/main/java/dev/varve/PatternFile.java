package dev.varve;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads patterns from files as git does: one a line, spaces at its end do not count. */
final class PatternFile {

  private PatternFile() {}

  /**
   * The patterns in {@code file}, without comments and empty lines.
   *
   * @throws ConfigurationException if the file cannot be read
   */
  static List<String> read(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .map(line -> line.startsWith("\ufeff") ? line.substring(1) : line)
          .filter(line -> !line.startsWith("#"))
          .map(PatternFile::withoutSpacesAtTheEnd)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException failure) {
      String reason =
          failure instanceof NoSuchFileException
              ? "it is not there"
              : failure instanceof CharacterCodingException
                  ? "it is not UTF-8"
                  : failure.toString();
      throw new ConfigurationException(
          "Cannot read the patterns in " + file + ": " + reason, failure);
    }
  }

  /** A space behind a backslash is meant. */
  private static String withoutSpacesAtTheEnd(String line) {
    String stripped = line.stripTrailing();
    int backslashes = 0;
    while (backslashes < stripped.length()
        && stripped.charAt(stripped.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    boolean escaped = backslashes % 2 == 1 && stripped.length() < line.length();
    return escaped ? line.substring(0, stripped.length() + 1) : stripped;
  }
}
