package dev.varve.testkit;

import dev.varve.target.Target;

class OpeningCollectingTargetTest extends CollectingTargetTest {

  @Override
  protected Target target() {
    return place.opening();
  }
}
