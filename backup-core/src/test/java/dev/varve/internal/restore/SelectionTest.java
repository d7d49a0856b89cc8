package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.PathFilter;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private final Stock stock = new Stock();
  private final List<String> undecided = new ArrayList<>();

  private Selection selection(CatalogReader catalog, PathFilter filter, String... paths) {
    return new Selection(
        catalog,
        List.of(paths).stream().map(EntryPath::of).toList(),
        filter,
        path -> undecided.add(path.toString()));
  }

  private List<String> shown(Selection selection) throws IOException {
    List<String> shown = new ArrayList<>();
    Selection.Cursor cursor =
        selection.cursor(
            (from, before, reason) -> {
              throw new AssertionError("Nothing is lost");
            });
    for (Optional<CatalogEntry> e = cursor.next(); e.isPresent(); e = cursor.next()) {
      shown.add(e.get().path().toString());
    }
    assertEquals(Optional.empty(), cursor.next());
    return shown;
  }

  private List<String> selected(CatalogReader catalog, String... paths) throws IOException {
    return shown(selection(catalog, PathFilter.everything(), paths));
  }

  @Test
  void cursor_pathsOneBelowTheOther_showsEachEntryOnceInOrder() throws Exception {
    CatalogReader catalog =
        stock.catalogOf("a", "a-b", "a-b/x", "a/", "a/b", "a/b/c", "a/c", "aa", "b", "c/", "c/d");
    assertEquals(11, selected(catalog).size());
    assertEquals(List.of("a", "a/", "a/b", "a/b/c", "a/c"), selected(catalog, "a"));
    assertEquals(List.of("a", "a/", "a/b", "a/b/c", "a/c"), selected(catalog, "a", "a"));
    assertEquals(selected(catalog, "a/"), selected(catalog, "a", "a/b", "a/", "a/b/c"));
    assertEquals(
        List.of("a-b", "a-b/x", "a/b", "a/b/c", "c/", "c/d"),
        selected(catalog, "c", "a/b/c", "a/b", "a-b"));
    assertEquals(
        List.of("a", "a-b", "a-b/x", "a/", "a/b", "a/b/c", "a/c", "b"),
        selected(catalog, "b", "a-b", "a", "zz"));
    assertEquals(List.of(), selected(catalog, "x", "y"));
  }

  @Test
  void absent_pathsWithNothing_areNamedInOrderAndOnce() throws Exception {
    CatalogReader catalog = stock.catalogOf("a", "b/c");
    Selection selection =
        selection(catalog, PathFilter.everything(), "z", "b/x", "b", "a", "q", "z", "q/r", "c");
    assertEquals("[c, q, z]", selection.absent().toString());
    assertEquals(List.of(), selection(catalog, PathFilter.everything()).absent());
    assertEquals(
        "[b/x]", selection(catalog, PathFilter.everything(), "b/x", "a").absent().toString());
  }

  @Test
  void filtered_onlyIfTheFilterMayTakeOutSomething() throws Exception {
    CatalogReader catalog = stock.catalogOf("a", "b");
    assertFalse(selection(catalog, PathFilter.everything(), "a").filtered());
    Selection some = selection(catalog, PathFilter.builder().exclude("a").build());
    assertTrue(some.filtered());
    assertEquals(List.of("b"), shown(some));
  }

  @Test
  void cursor_pathTheFilterCannotDecide_isShownAndTold() throws Exception {
    String name = "a".repeat(300);
    CatalogReader catalog = stock.catalogOf(name, "b");
    PathFilter filter = PathFilter.builder().excludeRegex("/(.*a){10}x$").build();
    assertEquals(List.of(name, "b"), shown(selection(catalog, filter)));
    assertEquals(List.of(name), undecided);
  }

  /**
   * What the filter says of a path is what it says step by step from the root, whatever is near.
   */
  @Test
  void cursor_anyTreeAndFilter_showsWhatTheFilterAdmits() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      TreeSet<EntryPath> paths = new TreeSet<>();
      for (int i = 0; i < 150; i++) {
        paths.add(EntryPath.of(path(random)));
      }
      String[] texts = paths.stream().map(EntryPath::toString).toArray(String[]::new);
      PathFilter filter = filter(random);
      List<String> expected = new ArrayList<>();
      for (String path : texts) {
        if (admits(filter, path)) {
          expected.add(path);
        }
      }
      assertEquals(expected, shown(selection(stock.catalogOf(texts), filter)), "seed " + seed);
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int depth = random.nextInt(4); depth >= 0; depth--) {
      path.append(List.of("a", "b", "a-b", "c", "b.x").get(random.nextInt(5)));
      path.append(depth > 0 || random.nextInt(3) == 0 ? "/" : "");
    }
    return path.toString();
  }

  private static PathFilter filter(Random random) {
    List<String> patterns = List.of("a", "b/", "*.x", "a/b", "/c/**", "a-b/", "/a", "**/b/a");
    PathFilter.Builder filter = PathFilter.builder().exclude("nothing");
    for (int i = random.nextInt(3); i > 0; i--) {
      filter.exclude(
          (random.nextInt(4) == 0 ? "!" : "") + patterns.get(random.nextInt(patterns.size())));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      filter.include(patterns.get(random.nextInt(patterns.size())));
    }
    return filter.build();
  }

  private static boolean admits(PathFilter filter, String path) {
    boolean directory = path.endsWith("/");
    String[] steps = (directory ? path.substring(0, path.length() - 1) : path).split("/", -1);
    PathFilter.Position at = filter.start();
    for (int i = 0; i < steps.length - 1; i++) {
      at = filter.advance(at, steps[i].getBytes(StandardCharsets.UTF_8), true);
    }
    byte[] name = steps[steps.length - 1].getBytes(StandardCharsets.UTF_8);
    if (directory) {
      PathFilter.Position last = filter.advance(at, name, true);
      return last.included() && !last.excluded();
    }
    return filter.judge(at, name) == PathFilter.Verdict.ADMITTED;
  }
}
