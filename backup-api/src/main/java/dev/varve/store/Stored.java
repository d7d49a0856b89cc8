package dev.varve.store;

import java.time.Instant;

/**
 * An item as a store shows it.
 *
 * @param key its name
 * @param size its length in bytes
 * @param time when it was created, by the store's clock; what {@link Store#create} answers may be
 *     off by a few seconds from what listings show, which is always the same
 */
public record Stored(String key, long size, Instant time) {}
