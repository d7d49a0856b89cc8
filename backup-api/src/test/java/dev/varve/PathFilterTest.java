package dev.varve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.PathFilter.Position;
import dev.varve.PathFilter.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathFilterTest {

  @TempDir Path directory;

  /** From git's manual, gitignore(5), where the file with the patterns is that of the root. */
  @ParameterizedTest
  @CsvSource({
    "hello.*, srv/hello.c, EXCLUDED",
    "hello.*, srv/hello/x, ADMITTED",
    "/hello.*, hello.c, EXCLUDED",
    "/hello.*, a/hello.java, ADMITTED",
    "foo/, a/foo/, EXCLUDED",
    "foo/, a/foo, ADMITTED",
    "foo/, a/foo/b/c, EXCLUDED",
    "/doc/frotz, doc/frotz, EXCLUDED",
    "/doc/frotz, a/doc/frotz, ADMITTED",
    "foo/*, foo/test.json, EXCLUDED",
    "foo/*, foo/bar/hello.c, EXCLUDED", // below foo/bar/, which is excluded
    "**/foo, a/b/foo, EXCLUDED",
    "**/foo/bar, a/foo/bar, EXCLUDED",
    "**/foo/bar, a/foo/x/bar, ADMITTED",
    "abc/**, abc/x/y, EXCLUDED",
    "abc/**, abc/, ADMITTED",
    "a/**/b, a/b, EXCLUDED",
    "a/**/b, a/x/b, EXCLUDED",
    "a/**/b, a/x/y/b, EXCLUDED",
    "frotz, a/frotz/b, EXCLUDED",
    "a**b, aXXb, EXCLUDED", // other ** are as one *
    "a**b, a/b, ADMITTED",
  })
  void judge_asGitsManualSays(String pattern, String path, Verdict expected) {
    assertEquals(expected, verdict(PathFilter.builder().exclude(pattern).build(), path));
  }

  /** From restic's manual on excluding files. */
  @ParameterizedTest
  @CsvSource({
    "*.c, home/user/a.c, EXCLUDED",
    "*.go, home/user/a.c, ADMITTED",
    "foo/**/bar, home/foo/bar, EXCLUDED",
    "foo/**/bar, home/foo/x/y/bar, EXCLUDED",
    "foo/**/bar, home/foo/bar/baz, EXCLUDED",
    "/home/user/foo, home/user/foo/x, EXCLUDED",
    "/home/user/foo, srv/home/user/foo, ADMITTED",
    "foo/bar, x/foo/bar, EXCLUDED", // relative patterns match anywhere, unlike git's
    "user/*/cache, home/user/x/cache, EXCLUDED",
    "user/*/cache, home/user/x/y/cache, ADMITTED",
  })
  void judge_asResticsManualSays(String pattern, String path, Verdict expected) {
    assertEquals(expected, verdict(PathFilter.builder().exclude(pattern).build(), path));
  }

  @Test
  void exclude_negated_takesBackInOrder() {
    PathFilter filter = excluding("/home/user/*", "!/home/user/keep", "*.log", "!important.log");

    assertEquals(Verdict.EXCLUDED, verdict(filter, "home/user/other"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "home/user/keep/x"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "home/user/keep/a.log"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "home/user/keep/important.log"));
    // Git: what lies below an excluded directory cannot be taken back.
    assertEquals(Verdict.EXCLUDED, verdict(filter, "home/user/other/important.log"));
  }

  @Test
  void exclude_negatedAsGitsManualShows_exceptOneDirectory() {
    PathFilter filter = excluding("/*", "!/foo", "/foo/*", "!/foo/bar");

    assertEquals(Verdict.EXCLUDED, verdict(filter, "x"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "foo/x"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "foo/bar/x"));
  }

  @ParameterizedTest
  @CsvSource({
    "*.JPG, a.jpg, EXCLUDED",
    "*.jpg, A.JpG, EXCLUDED",
    "Ä[a-c]?, äBx, EXCLUDED",
    "[!a-c]x, Bx, ADMITTED",
    "/Srv/x, sRV/X, EXCLUDED",
  })
  void excludeIgnoringCase_capitalsAreTheSame(String pattern, String path, Verdict expected) {
    PathFilter filter = PathFilter.builder().excludeIgnoringCase(pattern).build();

    assertEquals(expected, verdict(filter, path));
  }

  @ParameterizedTest
  @CsvSource({
    "/cache/, srv/cache/x, EXCLUDED",
    "/cache/, srv/cache/, ADMITTED", // a directory's path does not end in a slash
    "/cache$, srv/cache/, EXCLUDED",
    "^/srv/[0-9]+$, srv/2026, EXCLUDED",
    "^/srv/[0-9]+$, srv/2026a, ADMITTED",
    "(?i)\\.TMP$, srv/a.tmp, EXCLUDED",
    "tmp, srv/a.tmpx, EXCLUDED",
  })
  void excludeRegex_isLookedForInTheWholePath(String regex, String path, Verdict expected) {
    assertEquals(expected, verdict(PathFilter.builder().excludeRegex(regex).build(), path));
  }

  @Test
  void excludeRegex_takesExponentialTime_isUndecidedSoon() {
    PathFilter filter = PathFilter.builder().excludeRegex("/(.*a){10}x$").build();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "a".repeat(20) + "x"));
    assertEquals(Verdict.UNDECIDED, verdict(filter, "a".repeat(200)));
    assertEquals(Verdict.UNDECIDED, verdict(filter, "a".repeat(200) + "/"));
  }

  @Test
  void excludeRegex_recursesDeeply_isUndecided() {
    PathFilter filter = PathFilter.builder().excludeRegex("^(/|a|b)*$").build();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "ab"));
    assertEquals(Verdict.UNDECIDED, verdict(filter, "ab".repeat(100_000)));
  }

  @Test
  void excludeRegex_onALongPath_carefulIsDecidedCarelessIsNot() {
    String path = "a".repeat(4000);

    assertEquals(Verdict.ADMITTED, verdict(regex("^.*x[^/]*\\.tmp$"), path));
    assertEquals(Verdict.EXCLUDED, verdict(regex("^.*x[^/]*\\.tmp$"), path + "x.tmp"));
    assertEquals(Verdict.UNDECIDED, verdict(regex(".*x[^/]*\\.tmp$"), path));
  }

  @Test
  void excludeRegex_undecidedButAGlobDecides_isDecided() {
    PathFilter filter =
        PathFilter.builder().exclude("*b").excludeRegex("/(.*a){10}x$").exclude("*c").build();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "a".repeat(200) + "b"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "a".repeat(200) + "c"));
    assertEquals(Verdict.UNDECIDED, verdict(filter, "a".repeat(200) + "d"));
  }

  @Test
  void include_onlyMatchesAndWhatIsBelow() {
    PathFilter filter =
        PathFilter.builder()
            .include("/srv/docs")
            .includeIgnoringCase("*.TXT")
            .exclude("*.tmp")
            .build();

    assertEquals(Verdict.ADMITTED, verdict(filter, "srv/docs/a/b"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "home/a.txt"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "srv/docs/a.tmp"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "home/a.tmp"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "srv/x"));
  }

  @Test
  void advance_directoryNothingCanBeIncludedBelow_neednotBeEntered() {
    PathFilter filter = PathFilter.builder().include("/srv/docs").include("/a/*/c").build();

    assertEquals(Verdict.ADMITTED, verdict(filter, "srv/"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "usr/"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "a/b/"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "a/b/d/"));
  }

  @Test
  void excludeFrom_isReadAsGitDoes() throws IOException {
    Path file = directory.resolve("excludes");
    Files.writeString(
        file,
        "\ufeff# comment\r\n\n   \n*.tmp  \n\\#kept\n\\!important\nspace\\ \n!a.tmp\n  lead\n");
    PathFilter filter = PathFilter.builder().excludeFrom(file).build();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "x.tmp"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "a.tmp"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "#kept"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "!important"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "space "));
    assertEquals(Verdict.ADMITTED, verdict(filter, "space"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "  lead"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "# comment"));
  }

  @Test
  void from_options_filesComeFirst() throws IOException {
    Path excludes = Files.writeString(directory.resolve("excludes"), "*.log\n!a.log\n");
    Path includes = Files.writeString(directory.resolve("includes"), "/srv\n");
    Options options =
        Options.of(
            "file",
            Map.of(
                "exclude", List.of("a.log", "!b.log"),
                "iexclude", List.of("*.BAK"),
                "exclude-regex", List.of("^/srv/x"),
                "exclude-file", List.of(excludes.toString()),
                "include-file", List.of(includes.toString()),
                "iinclude", List.of("/Home"),
                "include", List.of("/opt")));
    PathFilter filter = PathFilter.from(options);
    options.allRead();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "srv/a.log"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "srv/b.log"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "srv/c.log"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "opt/a.bak"));
    assertEquals(Verdict.EXCLUDED, verdict(filter, "srv/xy"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "home/y"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "usr/y"));
  }

  @Test
  void toBuilder_goesOnFromWhatWasSaid() {
    PathFilter filter = excluding("*.tmp").toBuilder().exclude("!a.tmp").include("*.*").build();

    assertEquals(Verdict.EXCLUDED, verdict(filter, "b.tmp"));
    assertEquals(Verdict.ADMITTED, verdict(filter, "a.tmp"));
    assertEquals(Verdict.NOT_INCLUDED, verdict(filter, "a"));
    assertTrue(PathFilter.everything().isEverything());
    assertFalse(filter.isEverything());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "a{2,1}", "*"})
  void excludeRegex_malformed_saysWhich(String regex) {
    PathFilter.Builder builder = PathFilter.builder();
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> builder.excludeRegex(regex));

    assertTrue(failure.toString().contains("'" + regex + "'"), failure.toString());
  }

  @Test
  void excludeFrom_unreadable_saysWhy() throws IOException {
    PathFilter.Builder builder = PathFilter.builder();
    Path invalid = Files.write(directory.resolve("invalid"), new byte[] {'a', (byte) 0xff});
    Path missing = directory.resolve("missing");
    for (Path file : List.of(invalid, missing)) {
      ConfigurationException failure =
          assertThrows(ConfigurationException.class, () -> builder.excludeFrom(file));
      assertTrue(failure.toString().contains(file.toString()), failure.toString());
    }
    assertThrows(ConfigurationException.class, () -> builder.include("!x"));
  }

  private static PathFilter excluding(String... patterns) {
    PathFilter.Builder builder = PathFilter.builder();
    List.of(patterns).forEach(builder::exclude);
    return builder.build();
  }

  private static PathFilter regex(String regex) {
    return PathFilter.builder().excludeRegex(regex).build();
  }

  /** What a walk is told of a path, which is a directory if it ends in a slash. */
  private static Verdict verdict(PathFilter filter, String path) {
    Position position = filter.start();
    String[] steps = path.split("/", 0);
    for (int i = 0; i < steps.length - 1; i++) {
      position = filter.advance(position, bytes(steps[i]), true);
    }
    byte[] last = bytes(steps[steps.length - 1]);
    return path.endsWith("/")
        ? filter.advance(position, last, true).verdict()
        : filter.judge(position, last);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
