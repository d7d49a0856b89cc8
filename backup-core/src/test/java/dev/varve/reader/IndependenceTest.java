package dev.varve.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The second reader proves something only if it shares nothing with the library. */
class IndependenceTest {

  private static final Path SOURCES = Path.of("src/test/java/dev/varve/reader");
  private static final Pattern FOREIGN = Pattern.compile("dev\\.varve\\.(?!reader\\b)");

  @Test
  void reader_usesNothingOfTheLibrary() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<Path> sources =
          files.filter(file -> !file.getFileName().toString().endsWith("Test.java")).toList();
      assertTrue(sources.size() > 10, "The sources are not where they are looked for");
      List<Path> foreign = sources.stream().filter(IndependenceTest::namesLibrary).toList();
      assertEquals(
          List.of(),
          foreign,
          "The second reader is written from docs/format.md alone: what it needs to know of the"
              + " library's classes is missing there");
    }
  }

  private static boolean namesLibrary(Path source) {
    try {
      return FOREIGN.matcher(Files.readString(source)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
