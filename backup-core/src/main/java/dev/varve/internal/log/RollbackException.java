package dev.varve.internal.log;

import java.io.IOException;

/** The log is not what it was: an older state of the store, or another one, is being shown. */
public final class RollbackException extends IOException {

  private static final long serialVersionUID = 1;

  RollbackException(String message) {
    super(
        message
            + ". Somebody restored the store from an older copy or tampers with it: find out which"
            + " before you write to it; then put the right state back, or, if there is none, let"
            + " repair accept this one");
  }
}
