package dev.varve.repository;

import java.time.Instant;

/**
 * One of the ways into a repository.
 *
 * @param id its name: 32 hexadecimal digits
 * @param label what people call it
 * @param created when it was made, by its maker's clock
 * @param kind what opens it: {@code passphrase}, {@code key file} or {@code host-supplied key}
 * @param current whether it is the one this repository was opened with
 */
public record KeySlot(String id, String label, Instant created, String kind, boolean current) {}
