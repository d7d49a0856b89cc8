package dev.varve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.PathFilter.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    // pattern, path (a directory if it ends in /), whether it matches
    "*.tmp, a.tmp, true",
    "*.tmp, x/y/a.tmp, true",
    "*.tmp, x/y/a.tmp/, true",
    "*.tmp, a.tmpx, false",
    "**/*.tmp, a.tmp, true",
    "**/*.tmp, x/y/a.tmp, true",
    "cache/, x/cache/, true",
    "cache/, x/cache, false",
    "cache/, x/caches/, false",
    "/srv/up, srv/up/, true",
    "/srv/up, home/srv/up, false",
    "/srv, srv, true",
    "/*, srv, true",
    "/*, srv/up, false",
    "build/*.o, build/a.o, true",
    "build/*.o, x/build/a.o, true",
    "build/*.o, build/x/a.o, false",
    "build/**/*.o, build/a.o, true",
    "build/**/*.o, build/x/y/a.o, true",
    "/a/**/z, a/z, true",
    "/a/**/z, a/b/c/z, true",
    "/a/**/z, b/a/z, false",
    "a/**, a/, false",
    "a/**, a/x, true",
    "a/**, x/a/y/z, true",
    "a?c, abc, true",
    "a?c, aäc, true",
    "a?c, a/c, false",
    "a?c, ac, false",
    "a[b-d]e, ace, true",
    "a[b-d]e, aee, false",
    "a[!b-d]e, aee, true",
    "a[^b-d]e, ace, false",
    "a[]]e, a]e, true",
    "a[b-]e, a-e, true",
    "a[\\]x]e, a]e, true",
    "\\*, *, true",
    "\\*, x, false",
    "\\!x, !x, true",
    "*, anything/at/all, true",
    "a*b*c, a--b--b--c, true",
    "a*b*c, a--c--b, false",
    ".*, .hidden, true",
    "*x, a.x, true",
    "ä*, äh, true",
    "./a/b, a/b, true",
  })
  void matches_asGitAndResticUsersExpect(String pattern, String path, boolean expected) {
    assertEquals(expected, excluded(List.of(pattern), path), pattern + " on " + path);
  }

  @Test
  void negated_takesBackWhatEarlierPatternsMatched() {
    assertTrue(excluded(List.of("*.log"), "a.log"));
    assertTrue(!excluded(List.of("*.log", "!a.log"), "a.log"));
    assertTrue(excluded(List.of("*.log", "!a.log", "/*.log"), "a.log"));
    assertTrue(excluded(List.of("*.log", "!a.log"), "b.log"));
  }

  @Test
  void matches_hardPattern_takesNoExponentialTime() {
    String name = "a".repeat(255);
    assertTrue(!excluded(List.of("*a".repeat(30) + "*b"), name));
    assertTrue(!excluded(List.of("**/a/".repeat(20) + "b"), "a/".repeat(200) + "c"));
  }

  @Test
  void matches_invalidUtf8_isOneCharacterAByteAndEqualsNothingElse() {
    PathFilter filter = filter(List.of("x??y"));
    assertTrue(filter.advance(filter.start(), bytes(0x78, 0xff, 0xfe, 0x79), false).excluded());
    PathFilter replaced = filter(List.of("x\ufffdy"));
    assertTrue(!replaced.advance(replaced.start(), bytes(0x78, 0xff, 0x79), false).excluded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//", "!", "a[b", "a[", "x\\", "[!", "a[]"})
  void parse_malformed_saysWhichPattern(String pattern) {
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> Glob.parse(pattern, false));
    assertTrue(failure.toString().contains("'" + pattern + "'"), failure.toString());
  }

  private static PathFilter filter(List<String> excludes) {
    PathFilter.Builder builder = PathFilter.builder();
    excludes.forEach(builder::exclude);
    return builder.build();
  }

  /** Whether the last step of {@code path} is excluded, ancestors not being asked. */
  private static boolean excluded(List<String> patterns, String path) {
    PathFilter filter = filter(patterns);
    PathFilter.Position state = filter.start();
    boolean last = false;
    String[] steps = path.split("/", 0);
    for (int i = 0; i < steps.length; i++) {
      boolean directory = i < steps.length - 1 || path.endsWith("/");
      byte[] step = steps[i].getBytes(StandardCharsets.UTF_8);
      PathFilter.Position above = state.asRoot();
      state = filter.advance(above, step, directory);
      last = state.excluded();
      if (!directory) {
        Verdict verdict = filter.judge(above, step);
        assertEquals(last ? Verdict.EXCLUDED : Verdict.ADMITTED, verdict, path);
      }
    }
    return last;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    Stream.iterate(0, i -> i < bytes.length, i -> i + 1).forEach(i -> bytes[i] = (byte) values[i]);
    return bytes;
  }
}
