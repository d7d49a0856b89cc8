package dev.varve.repository;

/**
 * What a repository holds.
 *
 * @param snapshots live snapshots
 * @param contentBytes the sum of all sizes in all live snapshots
 * @param packs packs of contents and of catalogs
 * @param packBytes their length in the store
 * @param chunks chunk copies that the index knows
 * @param indexRuns live runs of the index
 * @param indexBytes their length in the store
 * @param logSlots records of the log
 */
public record RepositoryStatistics(
    long snapshots,
    long contentBytes,
    long packs,
    long packBytes,
    long chunks,
    long indexRuns,
    long indexBytes,
    long logSlots) {}
