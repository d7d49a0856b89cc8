package dev.varve.internal.log;

import dev.varve.internal.format.PackName;

/**
 * Where a copy of a chunk lies, or is said to lie.
 *
 * @param pack the pack
 * @param block the block's ordinal in it
 */
public record Copy(PackName pack, int block) {}
