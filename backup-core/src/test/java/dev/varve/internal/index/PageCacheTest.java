package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageCacheTest {

  @Test
  void find_pageKept_isThatOfItsRun() {
    PageCache cache = new PageCache(1 << 20);
    byte[] one = new byte[1];
    byte[] two = new byte[1];
    long run = cache.owner();
    long other = cache.owner();
    cache.keep(run, 7, one);
    cache.keep(other, 7, two);
    assertSame(one, cache.find(run, 7));
    assertSame(two, cache.find(other, 7));
    assertEquals(null, cache.find(run, 8));
  }

  @Test
  void keep_moreThanFits_forgetsWhatNobodyWants() {
    PageCache cache = new PageCache(100 * 4160);
    long run = cache.owner();
    for (int page = 0; page < 10_000; page++) {
      cache.keep(run, page, new byte[1]);
      for (int wanted = 0; wanted < Math.min(5, page); wanted++) {
        if (cache.find(run, wanted) == null) {
          cache.keep(run, wanted, new byte[1]);
        }
      }
    }
    int kept = 0;
    for (int page = 0; page < 10_000; page++) {
      kept += cache.find(run, page) == null ? 0 : 1;
    }
    assertTrue(kept > 50 && kept <= 100, "kept " + kept);
    for (int wanted = 0; wanted < 5; wanted++) {
      assertTrue(cache.find(run, wanted) != null);
    }
  }
}
