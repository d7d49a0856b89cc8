package dev.varve.examples.cli;

import dev.varve.BackupException;
import dev.varve.BackupOptions;
import dev.varve.Problem;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.repository.Repository;
import dev.varve.repository.SeveralRepositories;
import dev.varve.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A backup to several repositories at once: one that cannot be opened, or fails, stops no other,
 * and the exit code tells. Used by one thread.
 */
final class SeveralBackups {

  private final Varve varve;
  private final boolean init;
  private final Map<String, RuntimeException> failures = new LinkedHashMap<>();

  SeveralBackups(Varve varve, boolean init) {
    this.varve = varve;
    this.init = init;
  }

  int run(List<Source> sources, BackupOptions.Builder options, boolean checkOnly)
      throws IOException {
    List<Repository> opened = new ArrayList<>();
    try {
      open(opened);
      return checkOnly ? check(opened, sources) : backUp(opened, sources, options);
    } finally {
      opened.forEach(Repository::close);
    }
  }

  private void open(List<Repository> opened) {
    for (int i = 0; i < varve.count(); i++) {
      try {
        opened.add(varve.open(i, init));
      } catch (BackupException e) {
        failures.put(varve.location(i), e);
        varve.surroundings().err().println("varve: " + e.getMessage());
      }
    }
    if (opened.isEmpty()) {
      throw new FailureException("None of the repositories can be opened; nothing was done");
    }
  }

  private int check(List<Repository> opened, List<Source> sources) throws IOException {
    List<Problem> problems = new ArrayList<>();
    for (Source source : sources) {
      problems.addAll(opened.get(0).checkSource(source));
    }
    problems.forEach(problem -> varve.surroundings().err().println(problem));
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(() -> json.field("problems", (long) problems.size() + failures.size()));
    } else {
      varve.summary(opened.size() + " of " + varve.count() + " repositories are open");
    }
    return exitCode(!problems.isEmpty());
  }

  private int backUp(List<Repository> opened, List<Source> sources, BackupOptions.Builder options)
      throws IOException {
    List<SeveralRepositories.Outcome> outcomes;
    try (ProgressView progress = varve.newProgress()) {
      outcomes = SeveralRepositories.of(opened).backup(sources, options.listener(progress).build());
    }
    boolean problems = false;
    for (SeveralRepositories.Outcome outcome : outcomes) {
      problems |= outcome.report().map(report -> report.problemCount() > 0).orElse(false);
      outcome
          .failure()
          .ifPresent(
              failure -> {
                failures.put(outcome.repository().location(), failure);
                varve.surroundings().err().println("varve: " + failure.getMessage());
              });
    }
    if (varve.json()) {
      writeJson(outcomes);
    } else {
      for (SeveralRepositories.Outcome outcome : outcomes) {
        if (outcome.report().isPresent()) {
          varve.summary("to " + outcome.repository().location());
          BackupCommand.writeText(varve, outcome.report().get());
        }
      }
      failures.keySet().forEach(location -> varve.summary("not to " + location + ", see above"));
    }
    return exitCode(problems);
  }

  private int exitCode(boolean problems) {
    return failures.isEmpty() && !problems ? ExitCode.DONE : ExitCode.DONE_WITH_PROBLEMS;
  }

  private void writeJson(List<SeveralRepositories.Outcome> outcomes) throws IOException {
    Json json = varve.newJson();
    json.value(
        () -> {
          json.field("event", "done");
          json.array(
              "repositories",
              () -> {
                for (SeveralRepositories.Outcome outcome : outcomes) {
                  if (outcome.report().isPresent()) {
                    json.object(
                        () -> {
                          json.field("location", outcome.repository().location());
                          BackupCommand.fields(json, outcome.report().get());
                        });
                  }
                }
              });
          json.array(
              "failed",
              () -> {
                for (Map.Entry<String, RuntimeException> failure : failures.entrySet()) {
                  json.object(
                      () -> {
                        json.field("location", failure.getKey());
                        json.field("reason", String.valueOf(failure.getValue().getMessage()));
                      });
                }
              });
        });
  }
}
