package dev.varve.testkit;

/**
 * Something that went wrong as planned.
 *
 * @param number which call it was, the first being 1
 * @param call what kind of call
 * @param key the key, for a listing the prefix
 * @param kind how it went wrong
 */
public record Fault(long number, StoreCall call, String key, FaultKind kind) {

  @Override
  public String toString() {
    return kind + " at call " + number + ", " + call + " " + key;
  }
}
