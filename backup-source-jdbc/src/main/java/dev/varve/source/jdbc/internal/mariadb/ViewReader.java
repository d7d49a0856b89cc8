package dev.varve.source.jdbc.internal.mariadb;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.PathNames;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the views of one schema, those first that others need. Used by one thread.
 *
 * <p>The servers tell nowhere which view needs which (MySQL does, MariaDB does not), so every name
 * in a view's statement that is a view's counts. Where that makes a circle, the loader tries again
 * later.
 */
final class ViewReader {

  private final Session session;
  private final PlanBuilder plan;
  private final String schema;
  private final EntryPath schemaPath;
  private final Map<String, Definition> definitions = new LinkedHashMap<>();
  private final Set<String> added = new LinkedHashSet<>();

  ViewReader(Session session, PlanBuilder plan, String schema, EntryPath schemaPath) {
    this.session = session;
    this.plan = plan;
    this.schema = schema;
    this.schemaPath = schemaPath;
  }

  /** Reads these views; those that refer to what is not there are named as left out. */
  void read(List<String> names) throws IOException {
    for (String name : names) {
      String attempted = "Reading the definition of view " + schema + "." + name;
      List<Row> shown = session.rows(attempted, "SHOW CREATE VIEW " + Names.quote(schema, name));
      try {
        session.rows("SELECT 1 FROM " + Names.quote(schema, name) + " LIMIT 0");
        definitions.put(name, Definition.ofView(shown.get(0)));
      } catch (SQLException failure) {
        if (!Faults.isMissing(failure) && failure.getErrorCode() != Faults.NO_SUCH_COLUMN) {
          throw Faults.of(attempted, failure);
        }
        plan.leaveOut(
            "view " + schema + "." + name + ", which refers to something that is not there");
      }
    }
    for (String name : definitions.keySet()) {
      add(name, new LinkedHashSet<>());
    }
  }

  private void add(String name, Set<String> above) {
    Definition definition = definitions.get(name);
    if (definition == null || added.contains(name) || !above.add(name)) {
      return;
    }
    List<String> mentioned = new ArrayList<>(Names.mentioned(definition.sql()));
    for (String other : mentioned) {
      add(other, above);
    }
    above.remove(name);
    added.add(name);
    PlanBuilder.Adding view =
        plan.step(Phase.COMPLETION, ObjectKind.VIEW, schema, name, schema, "views", name + ".sql")
            .of(new TableName(schema, name))
            .requires(schemaPath);
    for (String other : mentioned) {
      if (!other.equals(name)) {
        view.requires(PathNames.path(schema, "tables", other, "table.sql"));
        view.requires(PathNames.path(schema, "views", other + ".sql"));
        view.requires(PathNames.path(schema, "functions", other + ".sql"));
      }
    }
    view.holding(definition);
  }
}
