package dev.varve.internal.log;

import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;

/**
 * What the log says of a pack; slot 0 means that it never happened. Immutable.
 *
 * @param name the pack
 * @param kind what it holds; {@code DATA} as long as it is not registered
 * @param storedBytes its length; 0 as long as it is not registered
 * @param registeredAt the slot that registered it
 * @param retiredAt the slot since which it is not to be reused unnamed
 * @param condemnedAt the slot that decided its deletion, for ever
 */
public record PackStatus(
    PackName name,
    PackKind kind,
    int storedBytes,
    long registeredAt,
    long retiredAt,
    long condemnedAt) {

  private static final long LOW = 0xffff_ffffL;

  /** Whether a record named it as a part of the repository. */
  public boolean isRegistered() {
    return registeredAt != 0;
  }

  /** Whether it is not to be relied on without naming it. */
  public boolean isRetired() {
    return retiredAt != 0;
  }

  /** Whether it may be deleted at any time. */
  public boolean isCondemned() {
    return condemnedAt != 0;
  }

  /** Whether a snapshot may rely on it unnamed, as far as its blocks are not damaged. */
  public boolean isActive() {
    return isRegistered() && !isRetired() && !isCondemned();
  }

  static PackStatus of(PackName name, NameTable.Row row) {
    return new PackStatus(
        name,
        (row.second() & 1) == 0 ? PackKind.DATA : PackKind.CATALOG,
        (int) (row.second() >>> 1) & Integer.MAX_VALUE,
        row.first() >>> 32,
        row.first() & LOW,
        row.second() >>> 32);
  }

  void put(NameTable.Editor packs) {
    packs.put(
        name.high(),
        name.low(),
        registeredAt << 32 | retiredAt,
        condemnedAt << 32 | (long) storedBytes << 1 | (kind == PackKind.DATA ? 0 : 1));
  }

  /** Registered now; one that was retired by name before it was registered is active then. */
  PackStatus registered(NewPack pack, long slot) {
    return isRegistered()
        ? this
        : new PackStatus(name, pack.kind(), pack.storedBytes(), slot, 0, condemnedAt);
  }

  PackStatus retired(long slot) {
    return isRetired() ? this : withRetiredAt(slot);
  }

  PackStatus suspended(long slot) {
    return isCondemned() ? this : withRetiredAt(slot);
  }

  PackStatus resumed() {
    return withRetiredAt(0);
  }

  PackStatus condemned(long slot) {
    return isCondemned()
        ? this
        : new PackStatus(name, kind, storedBytes, registeredAt, retiredAt, slot);
  }

  private PackStatus withRetiredAt(long slot) {
    return new PackStatus(name, kind, storedBytes, registeredAt, slot, condemnedAt);
  }
}
