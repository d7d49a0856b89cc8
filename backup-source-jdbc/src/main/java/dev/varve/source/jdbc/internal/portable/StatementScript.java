package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A script of statements as they were dumped, and of one {@code INSERT} for each row. Used by one
 * thread.
 */
public final class StatementScript implements SqlScript {

  private final Product product;
  private final OutputStream out;
  private final List<String> last;

  /** Begins a script by the statements {@code first}; it ends with {@code last}. */
  public StatementScript(Product product, OutputStream out, List<String> first, List<String> last)
      throws IOException {
    this.product = product;
    this.out = new BufferedOutputStream(out, 64 << 10);
    this.last = List.copyOf(last);
    for (String statement : first) {
      write(statement + ";\n");
    }
  }

  @Override
  public void write(Step step, InputStream content) throws IOException {
    if (!"rows".equals(step.facts().get("kind"))) {
      content.transferTo(out);
      return;
    }
    TableName table =
        step.table()
            .orElseThrow(() -> new IOException("The plan names no table for " + step.path()));
    writeRows(product.quoted(table.schema(), table.table()), content, "");
  }

  /** Writes rows; {@code overriding} stands between columns and values. */
  public void writeRows(String quotedTable, InputStream content, String overriding)
      throws IOException {
    try (RowDecoder rows = new RowDecoder(content)) {
      String start =
          "INSERT INTO "
              + quotedTable
              + " ("
              + product.quoted(rows.columns().stream().map(RowColumn::name).toList())
              + ")"
              + overriding
              + " VALUES (";
      Literals literals = new Literals(product, out);
      while (rows.next()) {
        write(start);
        for (int i = 0; i < rows.columns().size(); i++) {
          write(i == 0 ? "" : ", ");
          literals.write(rows.columns().get(i).type(), rows, i);
        }
        write(");\n");
      }
    }
  }

  /** Writes text as it is. */
  public void write(String sql) throws IOException {
    out.write(sql.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    for (String statement : last) {
      write(statement + ";\n");
    }
    out.flush();
  }
}
