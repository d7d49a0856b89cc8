package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.Options;
import dev.varve.source.jdbc.JdbcScript;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** In what form a snapshot is written to standard output. Used by one thread. */
final class ScriptArguments {

  @Option(
      names = "--as",
      paramLabel = "FORM",
      description =
          "Write a database's snapshot, or what lies at or below the paths, as a script: sql.")
  private Optional<String> form = Optional.empty();

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description =
          "With --as sql: table (a pattern, repeatable), schema-only, product (of a portable"
              + " snapshot).")
  private List<String> options = new ArrayList<>();

  boolean isScript() {
    if (form.isPresent() && !form.get().equals("sql")) {
      throw new UsageException("There is no form '" + form.get() + "'; there is sql");
    }
    if (form.isEmpty() && !options.isEmpty()) {
      throw new UsageException("--option is about --as, which is not given");
    }
    return form.isPresent();
  }

  JdbcScript script(OutputStream out) {
    Options settings = Options.of("--as sql", OptionArguments.byName(options));
    try {
      JdbcScript script = JdbcScript.to(out).tables(settings.all("table").toArray(String[]::new));
      Optional<String> product = settings.find("product");
      script = product.isPresent() ? script.product(product.get()) : script;
      script = settings.flag("schema-only", false) ? script.schemaOnly() : script;
      settings.allRead();
      return script;
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
