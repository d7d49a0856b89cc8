package dev.varve;

import java.io.IOException;
import java.time.Duration;

/** A plugin's peer asks to be left alone for a while; trying again afterwards may succeed. */
public final class ThrottledException extends IOException {

  private static final long serialVersionUID = 1;

  private final Duration pause;

  /** Asks to wait for {@code pause}, which is not negative, before trying again. */
  public ThrottledException(String message, Duration pause) {
    super(message);
    this.pause = pause;
  }

  /** How long to wait at least. */
  public Duration pause() {
    return pause;
  }
}
