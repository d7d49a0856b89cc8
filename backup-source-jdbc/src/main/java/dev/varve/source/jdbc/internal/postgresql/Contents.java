package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Plan;
import java.util.Map;

/**
 * What a dump holds.
 *
 * @param plan how it is restored
 * @param texts the contents that are SQL, by path
 * @param rows which rows are read, by path
 */
record Contents(Plan plan, Map<EntryPath, byte[]> texts, Map<EntryPath, RowSource> rows) {}
