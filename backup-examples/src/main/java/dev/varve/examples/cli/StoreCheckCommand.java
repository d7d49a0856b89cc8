package dev.varve.examples.cli;

import dev.varve.StoreReport;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.Table;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code varve store check}. */
@Command(
    name = "check",
    description = {
      "See whether a store does what repositories need: conditional creation under 16 racing",
      "clients, reading and listing at once, order, ranges, deleting, clock.",
      "Writes small items below 'probe/' and deletes them; needs no repository and no key."
    })
final class StoreCheckCommand implements Callable<Integer> {

  private final Varve varve;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "LOCATION",
      description = "The store; the one of --repo or VARVE_REPO if left away.")
  private Optional<String> location = Optional.empty();

  StoreCheckCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    String where = location.orElseGet(varve::location);
    StoreReport report = varve.checkStore(where);
    if (varve.json()) {
      writeJson(report);
    } else {
      writeText(where, report);
    }
    return report.usable() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void writeJson(StoreReport report) throws IOException {
    Json json = varve.newJson();
    json.values(
        () -> {
          for (StoreReport.Finding finding : report.findings()) {
            json.object(
                () -> {
                  json.field("question", finding.question());
                  json.field("holds", finding.holds());
                  json.field("detail", finding.detail());
                });
          }
        });
  }

  private void writeText(String where, StoreReport report) {
    Table table = new Table("", "WHAT MUST HOLD", "SEEN");
    for (StoreReport.Finding finding : report.findings()) {
      table.add(finding.holds() ? "yes" : "NO", finding.question(), finding.detail());
    }
    table.lines().forEach(varve::answer);
    varve.summary(
        report.usable()
            ? where + " does all that repositories need"
            : where + " must not be used as it is");
  }
}
