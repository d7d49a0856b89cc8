package dev.varve.internal.task;

/** What a thread of the engine is for; work of one lane may wait for that of a later one only. */
public enum Lane {
  /** One thread a verb. */
  VERB,
  /** Looking ahead in a source; one thread a verb. */
  WALK,
  /** Reading and cutting contents, or fetching and delivering them. */
  READ,
  /** Compressing, sealing and verifying blocks. */
  SEAL,
  /** Talking to the store. */
  TRANSFER
}
