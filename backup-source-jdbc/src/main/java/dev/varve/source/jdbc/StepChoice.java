package dev.varve.source.jdbc;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Selection;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which steps of a plan a restore takes, in the plan's order, and the entries they read. Immutable.
 *
 * @param plan the whole plan
 * @param steps the steps to take
 * @param entries the entry of each step
 * @param described the selected entries that tell of the dump itself
 */
record StepChoice(
    Plan plan, List<Step> steps, Map<EntryPath, Entry> entries, List<Entry> described) {

  /** What of a plan is wanted, beside what is selected of the snapshot. */
  record Wish(Selection tables, boolean definitions, boolean rows) {}

  /**
   * Reads the plan of a snapshot and compares it with the snapshot's entries.
   *
   * @throws IOException if there is no plan, it does not fit the entries, or nothing is left to do
   */
  static StepChoice of(SnapshotContents contents, TargetContext context, Wish wish)
      throws IOException {
    Plan plan = plan(contents);
    Map<EntryPath, Step> steps = new HashMap<>();
    plan.steps().forEach(step -> steps.put(step.path(), step));
    Map<EntryPath, Entry> selected = new HashMap<>();
    List<Entry> described = new ArrayList<>();
    try (EntryCursor cursor = contents.entries()) {
      for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        Entry entry = next.get();
        if (steps.containsKey(entry.path())) {
          selected.put(entry.path(), entry);
        } else if (entry.path().equals(PlanFile.PATH) || entry.path().equals(PlanFile.LEFT_OUT)) {
          described.add(entry);
        } else {
          context.warn(entry.path(), "is not in the plan of this dump, so it is not restored");
        }
      }
    }
    Set<EntryPath> chosen = new HashSet<>();
    for (Step step : plan.steps()) {
      boolean wanted =
          selected.containsKey(step.path())
              && (wish.tables().isEverything()
                  || step.table().filter(wish.tables()::takes).isPresent());
      if (wanted && (step.phase() == Phase.ROWS ? wish.rows() : wish.definitions())) {
        chosen.add(step.path());
      }
    }
    if (wish.definitions()) {
      addRequired(plan, chosen);
    }
    List<Step> taken = plan.steps().stream().filter(s -> chosen.contains(s.path())).toList();
    if (taken.isEmpty() && !plan.steps().isEmpty()) {
      throw new IOException(
          "Nothing of this dump of "
              + plan.product()
              + " is selected; 'varve ls' shows its entries, whose second step names a kind of"
              + " thing and whose third the table");
    }
    return new StepChoice(plan, taken, entries(contents, taken, selected), described);
  }

  private static Plan plan(SnapshotContents contents) throws IOException {
    if (contents.find(PlanFile.PATH).isEmpty()) {
      throw new IOException(
          "Snapshot "
              + contents.snapshot().id().brief()
              + " of "
              + contents.snapshot().source()
              + " has no entry "
              + PlanFile.PATH
              + ": it is not one of a database, and cannot be restored into one");
    }
    try (var in = contents.open(PlanFile.PATH)) {
      return PlanFile.read(in);
    }
  }

  /** What a step requires comes before it, so one look from the end finds all. */
  private static void addRequired(Plan plan, Set<EntryPath> chosen) {
    for (int i = plan.steps().size() - 1; i >= 0; i--) {
      Step step = plan.steps().get(i);
      if (chosen.contains(step.path())) {
        chosen.addAll(step.requires());
      }
    }
  }

  private static Map<EntryPath, Entry> entries(
      SnapshotContents contents, List<Step> taken, Map<EntryPath, Entry> selected)
      throws IOException {
    Map<EntryPath, Entry> entries = new HashMap<>();
    for (Step step : taken) {
      Optional<Entry> entry = Optional.ofNullable(selected.get(step.path()));
      if (entry.isEmpty()) {
        entry = contents.find(step.path());
      }
      if (entry.isEmpty() || !entry.get().kind().hasContent()) {
        throw new NoSuchFileException(
            step.path().toString(),
            null,
            "the plan of this dump needs it, and the snapshot does not have it");
      }
      entries.put(step.path(), entry.get());
    }
    return entries;
  }

  /** How many rows the content of a step held when it was dumped. */
  OptionalLong rows(Step step) throws IOException {
    Optional<String> told = entry(step).attributes().findText(JdbcContent.ROWS);
    if (told.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!told.get().matches("[0-9]{1,18}")) {
      throw new IOException(step.path() + " does not say properly how many rows it has");
    }
    return OptionalLong.of(Long.parseLong(told.get()));
  }

  Entry entry(Step step) {
    Entry entry = entries.get(step.path());
    if (entry == null) {
      throw new IllegalArgumentException(step.path() + " is not one of the steps to take");
    }
    return entry;
  }
}
