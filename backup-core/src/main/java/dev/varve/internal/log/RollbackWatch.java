package dev.varve.internal.log;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares a log with what was seen of it before, and remembers how far it is seen now. Used under
 * the lock of its {@link Log}.
 */
final class RollbackWatch {

  private final RememberedHead remembered;
  private final Consumer<String> notes;
  private final Following following;
  private final LogEntries entries;
  private final boolean lenient;
  private Optional<RollbackException> rollback = Optional.empty();
  private boolean compared;

  /**
   * Watches what is folded.
   *
   * @param lenient whether a log that is not what it was is only noted
   */
  RollbackWatch(LogPlace place, Following following, LogEntries entries, boolean lenient) {
    this.remembered = place.remembered();
    this.notes = place.notes();
    this.following = following;
    this.entries = entries;
    this.lenient = lenient;
  }

  /** How this is not the log that was seen before, if it is not. */
  Optional<RollbackException> rollback() {
    return rollback;
  }

  /** Compares the log with what was seen before; only then that may be forgotten. */
  void compare() throws IOException {
    try {
      requireRemembered();
    } catch (RollbackException e) {
      if (!lenient) {
        throw e;
      }
      rollback = Optional.of(e);
      return;
    }
    rollback = Optional.empty();
    compared = true;
    remember();
  }

  /** Remembers how far the log was folded just now. */
  void moved() {
    if (compared) {
      remember();
    }
  }

  /** Goes by the log as it is now, whatever was seen before. */
  void accept() throws IOException {
    remembered.accept(position());
    rollback = Optional.empty();
    compared = true;
  }

  private void remember() {
    if (!following.lost().isEmpty()) {
      return;
    }
    try {
      remembered.save(position());
    } catch (IOException e) {
      notes.accept("The position in the log could not be remembered: " + e);
    }
  }

  private RememberedHead.Position position() {
    LogState state = following.state();
    return new RememberedHead.Position(state.slot(), state.hash());
  }

  private void requireRemembered() throws IOException {
    Optional<RememberedHead.Position> before = remembered.load();
    if (before.isPresent()) {
      long slot = before.get().slot();
      if (slot > following.state().slot()) {
        // Another process of this machine may have gone on since the log was listed.
        following.foldOn();
      }
      LogState state = following.state();
      if (slot > state.slot()) {
        throw new RollbackException(
            String.format("The log ends in slot %d; slot %d was seen before", state.slot(), slot));
      }
      // Of a slot that is lost nobody can say any more what it was.
      boolean known = !following.lost().containsKey(slot) && !state.voided().contains(slot);
      if (known && !entries.hashOf(slot).equals(before.get().hash())) {
        throw new RollbackException("Slot " + slot + " of the log is not what was seen before");
      }
    }
  }
}
