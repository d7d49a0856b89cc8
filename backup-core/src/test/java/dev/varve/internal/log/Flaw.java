package dev.varve.internal.log;

/** A way to get the protocol wrong, which the exploration must notice. */
enum Flaw {
  /** {@code uses ∩ r.kills} is not looked at. */
  USES_MAY_BE_KILLED,
  /** {@code kills ∩ r.uses} is not looked at. */
  KILLS_MAY_BE_USED,
  /** A writer draws on a retired pack and does not say so. */
  DRAWN_UNNAMED,
  /** The runs and packs a record adds are not among its uses. */
  NEW_RUN_UNUSED,
  /** What is claimed to be damaged is taken for lost, and its pack condemned without a keeper. */
  DAMAGE_BELIEVED,
  /** A copy counts for a keeper because the index claims it. */
  KEEPER_UNOPENED,
  /** A copy counts for a keeper because it was opened, though no live run speaks of it. */
  KEEPER_UNFINDABLE,
  /** A record that was refused is appended to the next slot as it is. */
  NO_VALIDATION_AFTER_REFUSAL,
  /** Whoever meets a lost slot folds the next and appends. */
  APPEND_ACROSS_GAP,
  /** A void conflicts with nothing. */
  VOID_WITHOUT_CONFLICTS,
  /** A void leaves packs active. */
  VOID_WITHOUT_RETIRING,
  /** What a void retired is resumed before all deletions are over. */
  RESUMED_WITHOUT_WAITING,
  /** A void leaves what was retired before it as it was: it can be drawn on. */
  VOID_SPARES_RETIRED,
  /** A condemnation does not ask since when a pack is retired. */
  RETIRE_SLOT_IGNORED,
  /** A merge leaves out entries about packs that are only retired. */
  RETIRED_ENTRIES_DROPPED,
  /** A forget does not rely on what it keeps. */
  KEPT_UNUSED,
  /** Only the index is asked what a pack holds, not its footer. */
  FOOTER_UNREAD,
  /** A pack is condemned that was not retired before. */
  CONDEMNED_UNRETIRED
}
