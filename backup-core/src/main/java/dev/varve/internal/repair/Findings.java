package dev.varve.internal.repair;

import dev.varve.CheckReport;
import dev.varve.Problem;
import dev.varve.internal.task.Reporter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what a check finds, by the item it is about. Safe for use by many threads. */
final class Findings {

  private static final int MAX_FINDINGS = 10_000;
  private static final int MAX_AFFECTED = 10_000;
  private static final int MAX_MESSAGES = 8;

  private final Reporter reporter;
  private final Map<String, Found> byItem = new LinkedHashMap<>();
  private long unlisted;

  private static final class Found {
    final List<String> messages = new ArrayList<>();
    final List<CheckReport.Affected> affected = new ArrayList<>();
    long affectedCount;
  }

  Findings(Reporter reporter) {
    this.reporter = reporter;
  }

  /** Something is wrong with an item. */
  synchronized void add(String item, String message) {
    Optional<Found> found = of(item);
    if (found.isPresent() && found.get().messages.size() < MAX_MESSAGES) {
      found.get().messages.add(message);
    }
  }

  /** Tells the listener of all of it. */
  synchronized void announce() {
    byItem.forEach(
        (item, found) ->
            found.messages.forEach(
                message -> reporter.problem(new Problem(Optional.empty(), item + ": " + message))));
  }

  /** An entry needs what is lost with an item, which has been added before or is now. */
  synchronized void affects(String item, String message, CheckReport.Affected affected) {
    if (!byItem.containsKey(item)) {
      add(item, message);
    }
    of(item)
        .ifPresent(
            found -> {
              found.affectedCount++;
              if (found.affected.size() < MAX_AFFECTED) {
                found.affected.add(affected);
              }
            });
  }

  /** All of it, item by item. */
  synchronized List<CheckReport.Finding> list() {
    List<CheckReport.Finding> list = new ArrayList<>();
    byItem.forEach(
        (item, found) ->
            list.add(
                new CheckReport.Finding(
                    item, String.join("; ", found.messages), found.affected, found.affectedCount)));
    return list;
  }

  /** How many items something is wrong with. */
  synchronized long count() {
    return byItem.size() + unlisted;
  }

  private Optional<Found> of(String item) {
    if (byItem.size() >= MAX_FINDINGS && !byItem.containsKey(item)) {
      unlisted++;
      return Optional.empty();
    }
    return Optional.of(byItem.computeIfAbsent(item, i -> new Found()));
  }
}
