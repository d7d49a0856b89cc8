package dev.varve.internal.index;

/**
 * How much the live runs say, things said twice counted twice.
 *
 * @param runs how many runs there are
 * @param packs how many packs they speak of
 * @param chunks how many chunk entries they have
 * @param storedBytes how long they are in the store
 * @param filterBytes how much heap their filters take now
 */
public record IndexCounts(int runs, long packs, long chunks, long storedBytes, long filterBytes) {}
