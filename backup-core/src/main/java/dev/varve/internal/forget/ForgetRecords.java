package dev.varve.internal.forget;

import dev.varve.ForgetPlan;
import dev.varve.ForgetPlan.Decision;
import dev.varve.ForgetPlan.Verdict;
import dev.varve.SnapshotId;
import dev.varve.internal.log.Forget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a plan as records of bounded size: each drops snapshots of some groups and relies on those
 * that these groups keep. Used by one thread, once.
 *
 * <p>A group that keeps more than fits is relied on by records of their own, which come before any
 * that drops something of it: whoever drops one of those kept either meets such a record, or is met
 * by what follows.
 */
final class ForgetRecords {

  /** How many ids a record holds at most, so that it stays below its bound of 64 KiB. */
  static final int MAX_IDS = 3500;

  private static final int MAX_KEPT = MAX_IDS / 2;

  private final long base;
  private final List<Forget> records = new ArrayList<>();
  private List<SnapshotId> dropped = new ArrayList<>();
  private List<SnapshotId> kept = new ArrayList<>();

  private ForgetRecords(long base) {
    this.base = base;
  }

  /**
   * The records that do what the plan says; none if it drops nothing, unless it says that a step of
   * the clock was right.
   */
  static List<Forget> of(ForgetPlan plan) {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (Decision decision : plan.decisions()) {
      Group group = groups.computeIfAbsent(decision.group(), name -> new Group());
      boolean keeps = decision.verdict() == Verdict.KEEP;
      (keeps ? group.kept : group.dropped).add(decision.snapshot().id());
    }
    ForgetRecords records = new ForgetRecords(plan.position());
    groups.values().stream().filter(group -> !group.dropped.isEmpty()).forEach(records::add);
    records.flush();
    if (records.records.isEmpty()
        && plan.clockStep().isPresent()
        && plan.confirmed()
        && !plan.kept().isEmpty()) {
      records.kept.add(plan.kept().get(0).id());
      records.flush();
    }
    return records.records;
  }

  /** Snapshots that were compared with each other. */
  private static final class Group {
    private final List<SnapshotId> dropped = new ArrayList<>();
    private final List<SnapshotId> kept = new ArrayList<>();

    private int size() {
      return dropped.size() + kept.size();
    }
  }

  private void add(Group group) {
    if (dropped.size() + kept.size() + group.size() > MAX_IDS) {
      flush();
    }
    if (group.size() <= MAX_IDS) {
      dropped.addAll(group.dropped);
      kept.addAll(group.kept);
      return;
    }
    int named = Math.min(MAX_KEPT, group.kept.size());
    List<SnapshotId> rest = group.kept.subList(0, group.kept.size() - named);
    List<SnapshotId> newest = group.kept.subList(rest.size(), group.kept.size());
    for (int i = 0; i < rest.size(); i += MAX_IDS) {
      kept.addAll(rest.subList(i, Math.min(rest.size(), i + MAX_IDS)));
      flush();
    }
    int room = MAX_IDS - named;
    for (int i = 0; i < group.dropped.size(); i += room) {
      dropped.addAll(group.dropped.subList(i, Math.min(group.dropped.size(), i + room)));
      kept.addAll(newest);
      flush();
    }
  }

  private void flush() {
    if (!dropped.isEmpty() || !kept.isEmpty()) {
      records.add(new Forget(base, dropped, kept));
      dropped = new ArrayList<>();
      kept = new ArrayList<>();
    }
  }
}
