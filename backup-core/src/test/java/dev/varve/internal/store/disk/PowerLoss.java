package dev.varve.internal.store.disk;

/** The machine stops in the middle of whatever it did. */
public final class PowerLoss extends Error {

  private static final long serialVersionUID = 1;

  /** A loss. */
  public PowerLoss() {
    super("The power is gone");
  }
}
