package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.SqlScript;
import dev.varve.source.jdbc.internal.dialect.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;

/** Writes a dump for {@code psql}. Used by one thread. */
final class PsqlScript implements SqlScript {

  private static final String BEGIN =
      """
      \\set ON_ERROR_STOP on
      SET statement_timeout = 0;
      SET lock_timeout = 0;
      SET idle_in_transaction_session_timeout = 0;
      SET client_encoding = 'UTF8';
      SET standard_conforming_strings = on;
      SELECT pg_catalog.set_config('search_path', '', false);
      SET check_function_bodies = off;
      SET xmloption = content;
      SET client_min_messages = warning;
      SET row_security = off;
      SET DateStyle = ISO;
      SET IntervalStyle = postgres;
      SET lc_monetary = 'C';

      """;

  private final OutputStream out;

  PsqlScript(Plan plan, OutputStream out) throws IOException {
    this.out = out;
    text("-- " + plan.product().replaceAll("\\s", " ") + ", for psql\n\n" + BEGIN);
    for (String missing : plan.leftOut()) {
      text("-- not carried: " + missing.replaceAll("\\s", " ") + "\n");
    }
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void write(Step step, InputStream content) throws IOException {
    text("\n-- " + step.path() + "\n");
    switch (Planner.kind(step)) {
      case ROWS -> {
        text("COPY " + StepLoader.into(step) + " FROM stdin;\n");
        content.transferTo(out);
        text("\\.\n");
      }
      case LARGE_OBJECTS -> largeObjects(content);
      default -> placed(step, content);
    }
  }

  private void placed(Step step, InputStream content) throws IOException {
    String space = step.facts().getOrDefault("tablespace", "");
    if (!space.isEmpty()) {
      text("SET default_tablespace = " + Sql.identifier(space) + ";\n");
    }
    content.transferTo(out);
    if (!space.isEmpty()) {
      text("RESET default_tablespace;\n");
    }
  }

  private void largeObjects(InputStream content) throws IOException {
    text("BEGIN;\n");
    try {
      LargeObjectWriter.read(
          content,
          (number, first, offset, bytes) -> {
            if (first) {
              text("SELECT pg_catalog.lo_create(" + number + ");\n");
            }
            if (bytes.length > 0) {
              text("SELECT pg_catalog.lo_put(" + number + ", " + offset + ", '\\x");
              text(HexFormat.of().formatHex(bytes) + "');\n");
            }
          });
    } catch (SQLException impossible) {
      throw new IOException("Large objects cannot be written", impossible);
    }
    text("COMMIT;\n");
  }

  @Override
  public void close() throws IOException {
    text("\n-- end\n");
    out.flush();
  }
}
