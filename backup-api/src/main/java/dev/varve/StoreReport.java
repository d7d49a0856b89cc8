package dev.varve;

import java.util.List;

/**
 * What a store was seen to do of what repositories need.
 *
 * @param findings one a question, in the order asked
 */
public record StoreReport(List<Finding> findings) {

  /** Copies the list. */
  public StoreReport {
    findings = List.copyOf(findings);
  }

  /** Whether all holds that must. */
  public boolean usable() {
    return findings.stream().allMatch(Finding::holds);
  }

  /**
   * An answer.
   *
   * @param question what must hold, e.g. {@code one of 16 racing creators wins}
   * @param holds whether it was seen to
   * @param detail what was seen, and what to do if it does not hold
   */
  public record Finding(String question, boolean holds, String detail) {}
}
