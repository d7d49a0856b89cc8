package dev.varve.internal.repair;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.PathFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks a filter about entries that come in ascending order. Used by one thread. */
final class PathJudge {

  private final PathFilter filter;
  private final List<byte[]> steps = new ArrayList<>();
  private final List<PathFilter.Position> positions = new ArrayList<>();

  PathJudge(PathFilter filter) {
    this.filter = filter;
    positions.add(filter.start());
  }

  /** Whether the filter leaves an entry in. */
  boolean admits(Entry entry) {
    if (filter.isEverything()) {
      return true;
    }
    List<byte[]> path = steps(entry.path());
    if (path.isEmpty()) {
      return true;
    }
    PathFilter.Position parent = enter(path.subList(0, path.size() - 1));
    byte[] name = path.get(path.size() - 1);
    PathFilter.Verdict verdict =
        entry.kind() == EntryKind.DIRECTORY
            ? filter.advance(parent, name, true).verdict()
            : filter.judge(parent, name);
    return verdict == PathFilter.Verdict.ADMITTED || verdict == PathFilter.Verdict.UNDECIDED;
  }

  /** The position of a directory; what it has in common with the last one is not asked again. */
  private PathFilter.Position enter(List<byte[]> directory) {
    int common = 0;
    while (common < directory.size()
        && common < steps.size()
        && Arrays.equals(directory.get(common), steps.get(common))) {
      common++;
    }
    steps.subList(common, steps.size()).clear();
    positions.subList(common + 1, positions.size()).clear();
    for (byte[] step : directory.subList(common, directory.size())) {
      positions.add(filter.advance(positions.get(steps.size()), step, true));
      steps.add(step);
    }
    return positions.get(steps.size());
  }

  private static List<byte[]> steps(EntryPath path) {
    byte[] bytes = path.bytes();
    List<byte[]> steps = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        if (i > start) {
          steps.add(Arrays.copyOfRange(bytes, start, i));
        }
        start = i + 1;
      }
    }
    return steps;
  }
}
