package dev.varve.internal.archive;

import dev.varve.BackupReport;
import dev.varve.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * The problems of one source: all counted, the first of them kept. Safe for use by many threads.
 */
final class SourceProblems {

  private final List<Problem> first = new ArrayList<>();
  private long count;

  synchronized void add(Problem problem) {
    count++;
    if (first.size() < BackupReport.MAX_PROBLEMS) {
      first.add(problem);
    }
  }

  synchronized List<Problem> first() {
    return List.copyOf(first);
  }

  synchronized long count() {
    return count;
  }
}
