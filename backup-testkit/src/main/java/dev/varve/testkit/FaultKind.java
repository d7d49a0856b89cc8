package dev.varve.testkit;

import static dev.varve.testkit.StoreCall.CREATE;
import static dev.varve.testkit.StoreCall.DELETE;
import static dev.varve.testkit.StoreCall.LIST;
import static dev.varve.testkit.StoreCall.READ;

import java.util.List;

/** The ways in which a call to a store can go wrong. */
public enum FaultKind {
  /** Nothing is done; an {@code IOException}: the connection was refused, or 409, try again. */
  FAIL_BEFORE(CREATE, READ, LIST, DELETE),
  /** It is done in full; an {@code IOException}: the connection broke before the answer. */
  APPLIED_BUT_REPLY_LOST(CREATE, DELETE),
  /** Nothing is done; a {@code SocketTimeoutException}. */
  TIMEOUT(CREATE, READ, LIST, DELETE),
  /**
   * It is done in full, and then reported as having been there: a 412, when the client's or a
   * proxy's own retry meets its own write.
   */
  EXISTS(CREATE),
  /** Nothing is done; a {@code ThrottledException} of one second: 429, or 503 with its header. */
  THROTTLED(CREATE, READ, LIST, DELETE),
  /** Nothing is done; an {@code IOException}: 500 or 503. */
  SERVER_ERROR(CREATE, READ, LIST, DELETE),
  /**
   * The body is sent in part, or the item received in part; an {@code IOException}, for a read an
   * {@code EOFException}. No part of an item comes to be.
   */
  SHORT_BODY(CREATE, READ),
  /** Nothing is done; the disk is full. */
  NO_SPACE(CREATE),
  /** Nothing is done; an {@code AccessDeniedException}. */
  ACCESS_DENIED(CREATE, READ, LIST, DELETE),
  /**
   * It is done twice, as when a network delivers a request twice; the answer is the first's. Unlike
   * all others no failure.
   */
  REPEATED(CREATE, READ, LIST, DELETE),
  /** One byte of what is read is wrong, and nothing says so. */
  SILENT_CORRUPTION(READ),
  /**
   * The process dies before the call: it and all that follow do nothing and throw a {@code
   * RefusedException}, which nobody tries again.
   */
  CRASH(CREATE, READ, LIST, DELETE),
  /** The process dies after the call was done, before its answer. */
  CRASH_AFTER(CREATE, DELETE);

  private final boolean create;
  private final boolean read;
  private final boolean list;
  private final boolean delete;

  FaultKind(StoreCall... calls) {
    List<StoreCall> all = List.of(calls);
    create = all.contains(CREATE);
    read = all.contains(READ);
    list = all.contains(LIST);
    delete = all.contains(DELETE);
  }

  /** Whether calls of this kind can go wrong like this. */
  public boolean appliesTo(StoreCall call) {
    return switch (call) {
      case CREATE -> create;
      case READ -> read;
      case LIST -> list;
      case DELETE -> delete;
    };
  }
}
