package dev.varve.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.EntryPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*.pdf, srv/a.pdf, true",
    "*.pdf, a.pdf, true",
    "*.pdf, srv/a.pdf/b, false",
    "uploads, srv/uploads/, true",
    "srv/*.pdf, srv/a.pdf, true",
    "srv/*.pdf, srv/x/a.pdf, false",
    "srv/**/*.pdf, srv/a.pdf, true",
    "srv/**/*.pdf, srv/x/y/a.pdf, true",
    "/srv/**, srv/x/y, true",
    "**/y, srv/x/y, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "[ab]c, bc, true",
    "[!ab]c, bc, false",
    "[!ab]c, xc, true",
    "[a-c]x, bx, true",
    "a.c, abc, false",
    "a[, a[, true",
    "(x), (x), true",
  })
  void matches_pattern_asAShellWould(String pattern, String path, boolean expected) {
    assertEquals(expected, new Glob(pattern, false).matches(EntryPath.of(path)));
  }

  @Test
  void matches_ignoringCase_takesBoth() {
    assertEquals(true, new Glob("*.PDF", true).matches(EntryPath.of("a.pdf")));
    assertEquals(false, new Glob("*.PDF", false).matches(EntryPath.of("a.pdf")));
  }

  @Test
  void matches_nameThatIsNotUtf8_isFoundAsPrinted() {
    EntryPath path = EntryPath.ofBytes(new byte[] {'x', '/', (byte) 0xff});

    assertEquals(true, new Glob("\\xff", false).matches(path));
  }

  @Test
  void new_emptyPattern_isRefused() {
    assertThrows(UsageException.class, () -> new Glob("/", false));
  }
}
