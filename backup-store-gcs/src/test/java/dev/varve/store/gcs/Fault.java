package dev.varve.store.gcs;

/** What a wire or a server can do to one request. */
public enum Fault {
  NONE,
  /** The connection is lost before the server has done anything. */
  RESET_BEFORE,
  /** The server has done it, but the connection is lost before it can say so. */
  RESET_AFTER,
  /** The server gets half of what was sent, and then the end. */
  CUT_REQUEST,
  /** One bit of the body is another when it arrives. */
  FLIP_REQUEST,
  /** The client gets half of the body. */
  CUT_ANSWER,
  /** One bit of the body is another when it arrives at the client. */
  FLIP_ANSWER,
  /** The body comes a byte at a time. */
  SLOW_ANSWER,
  /** The last byte never comes. */
  STALL_ANSWER,
  ANSWER_401,
  ANSWER_403,
  ANSWER_408,
  /** With {@code Retry-After: 7}. */
  ANSWER_429,
  ANSWER_500,
  ANSWER_503,
  /** The server has done it, but says that it failed. */
  DONE_BUT_ANSWER_503
}
