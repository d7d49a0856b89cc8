package dev.varve.examples.cli;

import dev.varve.Retention;
import dev.varve.Retention.Trait;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.repository.Snapshots;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which snapshots are worth keeping, as options say it. Used by one thread. */
final class RetentionArguments {

  private static final Pattern RULE = Pattern.compile("([0-9]{0,5})(min|y|m|w|d|h):(.+)");

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = "Keep the newest N of each group; here and below also 'unlimited'.")
  private Optional<String> last = Optional.empty();

  @Option(
      names = "--keep-hourly",
      paramLabel = "N",
      description = "Keep the newest of each of the last N hours that have any.")
  private Optional<String> hourly = Optional.empty();

  @Option(names = "--keep-daily", paramLabel = "N", description = "The same of days,")
  private Optional<String> daily = Optional.empty();

  @Option(names = "--keep-weekly", paramLabel = "N", description = "of ISO weeks,")
  private Optional<String> weekly = Optional.empty();

  @Option(names = "--keep-monthly", paramLabel = "N", description = "of months,")
  private Optional<String> monthly = Optional.empty();

  @Option(names = "--keep-yearly", paramLabel = "N", description = "of years.")
  private Optional<String> yearly = Optional.empty();

  @Option(
      names = "--keep-within",
      paramLabel = "AGE",
      description = "Keep all that are at most so much older than the newest: 30d, 1y6m, 12h.")
  private Optional<String> within = Optional.empty();

  @Option(
      names = "--keep-within-hourly",
      paramLabel = "AGE",
      description = "Of those not older, keep the newest of each hour,")
  private Optional<String> withinHourly = Optional.empty();

  @Option(names = "--keep-within-daily", paramLabel = "AGE", description = "of each day,")
  private Optional<String> withinDaily = Optional.empty();

  @Option(names = "--keep-within-weekly", paramLabel = "AGE", description = "of each ISO week,")
  private Optional<String> withinWeekly = Optional.empty();

  @Option(names = "--keep-within-monthly", paramLabel = "AGE", description = "of each month,")
  private Optional<String> withinMonthly = Optional.empty();

  @Option(names = "--keep-within-yearly", paramLabel = "AGE", description = "of each year.")
  private Optional<String> withinYearly = Optional.empty();

  @Option(
      names = "--keep-rule",
      paramLabel = "PERIOD:AGE",
      description = {
        "Keep the newest of each period for so long, e.g. 6h:3d, 1w:2m or 3m:5y;",
        "may be repeated."
      })
  private List<String> rules = new ArrayList<>();

  @Option(
      names = "--keep-tag",
      paramLabel = "K[=V]",
      description = "Keep those with this tag; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--keep-id",
      paramLabel = "ID",
      description = "Keep this snapshot; may be repeated.")
  private List<String> ids = new ArrayList<>();

  @Option(
      names = "--keep-min",
      paramLabel = "N",
      description = "Keep the newest N of each group whatever the rules say.")
  private Optional<Integer> minimum = Optional.empty();

  @Option(
      names = "--group-by",
      paramLabel = "TRAITS",
      split = ",",
      description = {
        "What snapshots of a group have in common: source (the default), kind, name, host,",
        "tags, tag=NAME or nothing; several with commas."
      })
  private List<String> groupBy = new ArrayList<>();

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "Whose days and weeks count, e.g. Europe/Paris; this machine's if not given.")
  private Optional<String> zone = Optional.empty();

  /** What the options say; {@link #isEmpty()} if none was given. */
  Retention retention(Snapshots snapshots) {
    Retention retention = Retention.keep().in(zone());
    retention = counted(retention, "--keep-last", last, Retention::last);
    retention = counted(retention, "--keep-hourly", hourly, Retention::hourly);
    retention = counted(retention, "--keep-daily", daily, Retention::daily);
    retention = counted(retention, "--keep-weekly", weekly, Retention::weekly);
    retention = counted(retention, "--keep-monthly", monthly, Retention::monthly);
    retention = counted(retention, "--keep-yearly", yearly, Retention::yearly);
    retention = held(retention, "--keep-within", within, Retention::within);
    retention = held(retention, "--keep-within-hourly", withinHourly, Retention::withinHourly);
    retention = held(retention, "--keep-within-daily", withinDaily, Retention::withinDaily);
    retention = held(retention, "--keep-within-weekly", withinWeekly, Retention::withinWeekly);
    retention = held(retention, "--keep-within-monthly", withinMonthly, Retention::withinMonthly);
    retention = held(retention, "--keep-within-yearly", withinYearly, Retention::withinYearly);
    for (String rule : rules) {
      retention = ruled(retention, rule);
    }
    for (String tag : tags) {
      int equals = tag.indexOf('=');
      retention =
          equals < 0
              ? retention.tagged(tag)
              : retention.tagged(tag.substring(0, equals), tag.substring(equals + 1));
    }
    if (!ids.isEmpty()) {
      retention = retention.ids(ids.stream().map(id -> existing(snapshots, id)).toList());
    }
    if (minimum.isPresent()) {
      Retention before = retention;
      retention = checked("--keep-min", () -> before.minimum(minimum.get()));
    }
    return grouped(retention);
  }

  /** Whether no option says what to keep. */
  boolean isEmpty() {
    return tags.isEmpty()
        && ids.isEmpty()
        && rules.isEmpty()
        && minimum.isEmpty()
        && List.of(last, hourly, daily, weekly, monthly, yearly, within, withinHourly).stream()
            .allMatch(Optional::isEmpty)
        && List.of(withinDaily, withinWeekly, withinMonthly, withinYearly).stream()
            .allMatch(Optional::isEmpty);
  }

  /** Whose days and weeks count. */
  ZoneId zone() {
    try {
      return zone.isPresent() ? ZoneId.of(zone.get()) : ZoneId.systemDefault();
    } catch (DateTimeException e) {
      throw new UsageException(
          "--time-zone: '"
              + zone.orElseThrow()
              + "' is no time zone; give one such as Europe/Paris"
              + " or UTC");
    }
  }

  private static Retention counted(
      Retention retention,
      String option,
      Optional<String> typed,
      BiFunction<Retention, Integer, Retention> rule) {
    if (typed.isEmpty()) {
      return retention;
    }
    String count = typed.get();
    if (count.equals("unlimited")) {
      return rule.apply(retention, Integer.MAX_VALUE);
    }
    if (!count.matches("[0-9]{1,9}")) {
      throw new UsageException(option + ": '" + count + "' is neither a number nor 'unlimited'");
    }
    return rule.apply(retention, Integer.parseInt(count));
  }

  private static Retention held(
      Retention retention,
      String option,
      Optional<String> typed,
      BiFunction<Retention, Age, Retention> rule) {
    return typed.isEmpty()
        ? retention
        : checked(option, () -> rule.apply(retention, Age.parse(option, typed.get())));
  }

  private static Retention ruled(Retention retention, String typed) {
    Matcher rule = RULE.matcher(typed);
    if (!rule.matches()) {
      throw new UsageException(
          "--keep-rule: '" + typed + "' is no rule; give PERIOD:AGE such as 6h:3d, 1w:2m or 3m:5y");
    }
    int length = rule.group(1).isEmpty() ? 1 : Integer.parseInt(rule.group(1));
    Age hold = Age.parse("--keep-rule", rule.group(3));
    return checked("--keep-rule", () -> retention.every(length, Age.unit(rule.group(2)), hold));
  }

  private Retention grouped(Retention retention) {
    if (groupBy.isEmpty()) {
      return retention;
    }
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    List<String> names = new ArrayList<>();
    for (String trait : groupBy) {
      switch (trait) {
        case "source" -> traits.addAll(Set.of(Trait.KIND, Trait.NAME, Trait.HOST));
        case "kind" -> traits.add(Trait.KIND);
        case "name" -> traits.add(Trait.NAME);
        case "host" -> traits.add(Trait.HOST);
        case "tags" -> traits.add(Trait.TAGS);
        case "nothing" -> {}
        default -> names.add(tagName(trait));
      }
    }
    return retention
        .groupedBy(traits.toArray(Trait[]::new))
        .groupedByTags(names.toArray(String[]::new));
  }

  private static String tagName(String trait) {
    if (!trait.startsWith("tag=") || trait.length() == 4) {
      throw new UsageException(
          "--group-by: '"
              + trait
              + "' is none of source, kind, name, host, tags, tag=NAME and nothing");
    }
    return trait.substring(4);
  }

  private static SnapshotId existing(Snapshots snapshots, String name) {
    return snapshots
        .find(name)
        .map(Snapshot::id)
        .orElseThrow(
            () ->
                new FailureException(
                    "--keep-id: there is no snapshot " + name + "; nothing was forgotten"));
  }

  private interface Made {
    Retention get();
  }

  private static Retention checked(String option, Made made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }
}
