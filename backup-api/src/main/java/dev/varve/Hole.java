package dev.varve;

/**
 * A piece of an entry's content that no readable copy exists of.
 *
 * @param path the entry
 * @param offset where in the content it begins, in bytes
 * @param length how long it is, in bytes
 * @param reason what is lost or damaged
 */
public record Hole(EntryPath path, long offset, long length, String reason) {}
