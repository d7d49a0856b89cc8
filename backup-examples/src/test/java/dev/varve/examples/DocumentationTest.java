package dev.varve.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages say what is: their code is compiled code, their commands work, their links lead on. */
class DocumentationTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA =
      Pattern.compile("(?:<!-- snippet: (\\S+) -->\n)?```java\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+Test)`");

  @TempDir Path directory;

  @Test
  void javaBlocks_standInCompiledFiles() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      for (Matcher block = JAVA.matcher(Files.readString(page)); block.find(); blocks++) {
        assertTrue(block.group(1) != null, "Which file is this of? " + page + block.group());
        String source = withoutIndentation(Files.readString(ROOT.resolve(block.group(1))));
        assertTrue(
            source.contains(withoutIndentation(block.group(2))),
            "Copy it anew from " + block.group(1) + " to " + page + ":\n" + block.group(2));
      }
    }
    assertTrue(blocks > 5, "The pages are not where they are looked for");
  }

  @Test
  void links_leadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (Matcher link = LINK.matcher(Files.readString(page)); link.find(); ) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(ROOT.relativize(page) + " -> " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void testsNamedByPages_exist() throws IOException {
    Set<String> files = new HashSet<>();
    try (Stream<Path> all = Files.walk(ROOT)) {
      all.forEach(file -> files.add(String.valueOf(file.getFileName())));
    }
    Set<String> missing = new TreeSet<>();
    for (Path page : pages()) {
      for (Matcher name = TEST.matcher(Files.readString(page)); name.find(); ) {
        if (!files.contains(name.group(1) + ".java")) {
          missing.add(ROOT.relativize(page) + " names " + name.group(1));
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** The first block of the README, run by a shell in a place that looks like a checkout. */
  @Test
  void firstCommandOfTheReadme_backsUpAndRestores() throws Exception {
    Matcher block = SHELL.matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(block.find());
    Path checkout = Files.createDirectory(directory.resolve("checkout")).toRealPath();
    Path docs = Files.createDirectory(checkout.resolve("docs"));
    Files.writeString(docs.resolve("page.md"), "a page\n");
    Path varve = Files.writeString(checkout.resolve("varve"), launcher());
    assertTrue(varve.toFile().setExecutable(true));
    ProcessBuilder shell = new ProcessBuilder("bash", "-euc", block.group(1));
    shell.directory(checkout.toFile()).redirectErrorStream(true);
    shell.environment().put("TMPDIR", directory.toString());
    shell.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    shell.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.endsWith("same\n"), said);
  }

  @Test
  void testCommandOfTheReadme_isWhatTheMachineRuns() throws IOException {
    Matcher block = SHELL.matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(block.find(), "The page has commands");
    assertTrue(block.find(), "The second is the test command");
    assertFalse(block.group(1).contains("\n"), "It is one command");
    assertTrue(Files.readString(ROOT.resolve(".ci/run")).contains("\n" + block.group(1)));
  }

  private static String launcher() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return "#!/usr/bin/env bash\nexec '%s' -cp '%s' dev.varve.examples.cli.Main \"$@\"\n"
        .formatted(java, classPath);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              docs.filter(file -> file.toString().endsWith(".md")),
              Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
          .toList();
    }
  }

  private static String withoutIndentation(String text) {
    return text.replaceAll("(?m)^ +", "");
  }
}
