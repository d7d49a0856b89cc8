package dev.varve;

/**
 * Hears what a verb does while it runs. Calls come one at a time, from threads of the engine, in
 * order; none after the verb has returned. An implementation returns soon: the work waits for it.
 * What it throws is logged and otherwise ignored.
 */
public interface Listener {

  /** Hears nothing. */
  Listener NONE = new Listener() {};

  /** Some of the work is done; called a few times a second at most. */
  default void progress(Progress progress) {}

  /** One entry could not be treated as it should; the report will name it too. */
  default void problem(Problem problem) {}
}
