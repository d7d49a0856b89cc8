package dev.varve.testkit;

import dev.varve.source.Source;

class OneReaderMemorySourceTest extends MemorySourceTest {

  @Override
  protected Source source() {
    return ((MemorySource) super.source()).parallelReads(1);
  }
}
