package dev.varve.testkit;

/** The kinds of calls a store is given. */
public enum StoreCall {
  /** {@link dev.varve.store.Store#create}. */
  CREATE,
  /** {@link dev.varve.store.Store#read}. */
  READ,
  /** {@link dev.varve.store.Store#list}. */
  LIST,
  /** {@link dev.varve.store.Store#delete}. */
  DELETE
}
