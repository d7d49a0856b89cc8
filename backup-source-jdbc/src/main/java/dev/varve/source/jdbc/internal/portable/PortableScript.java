package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Tables and rows as a script for one kind of database. Used by one thread. */
final class PortableScript implements SqlScript {

  private final Product product;
  private final boolean sameKind;
  private final Definitions definitions;
  private final StatementScript script;

  PortableScript(Plan plan, Product product, OutputStream out) throws IOException {
    this.product = product;
    this.sameKind = product.name().equals(plan.facts().get(PortableSchema.KIND));
    // Without a name before them, tables go where the client's connection is.
    this.definitions =
        new Definitions(product, Map.of(plan.facts().getOrDefault(PortableSchema.SCHEMA, ""), ""));
    boolean whole = product.definesInTransactions();
    this.script =
        new StatementScript(
            product,
            out,
            whole ? List.of("BEGIN") : List.of(),
            whole ? List.of("COMMIT") : List.of());
  }

  @Override
  public void write(Step step, InputStream content) throws IOException {
    String kind = step.facts().getOrDefault("kind", "");
    if (kind.equals("view")) {
      String view = SingleLoad.text(step, content);
      script.write(
          sameKind ? view : "-- not for this kind of database: view " + step.path() + "\n");
      return;
    }
    if (kind.equals("note")) {
      content.transferTo(OutputStream.nullOutputStream());
      return;
    }
    TableName table = SingleLoad.table(step);
    if (kind.equals("rows")) {
      script.writeRows(definitions.quoted(table), content, "");
      return;
    }
    TableModel model = TableModel.parse(SingleLoad.text(step, content));
    if (!model.columns().isEmpty()) {
      script.write(definitions.table(table, model) + ";\n");
      return;
    }
    for (TableModel.Index index : model.indexes()) {
      script.write(definitions.index(table, index) + ";\n");
    }
    for (TableModel.ForeignKey key : model.foreignKeys()) {
      if (product != Product.SQLITE) {
        script.write(definitions.foreignKey(table, key) + ";\n");
      }
    }
  }

  @Override
  public void close() throws IOException {
    script.close();
  }
}
