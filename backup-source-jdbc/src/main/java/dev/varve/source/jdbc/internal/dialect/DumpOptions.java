package dev.varve.source.jdbc.internal.dialect;

/**
 * What a dump is to carry.
 *
 * @param selection which schemas and tables
 * @param connections how many connections it may hold at once, from 1
 * @param roles whether roles and tablespaces are carried, where the database has them
 */
public record DumpOptions(Selection selection, int connections, boolean roles) {}
