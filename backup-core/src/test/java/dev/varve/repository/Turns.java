package dev.varve.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Lets actors run one at a time, each from one store call to its next, in an order that follows
 * from a seed. Every actor has a thread of its own; whoever does not have the turn waits. Whoever
 * ends a turn gives the next one: as that is mostly his own again, threads seldom change.
 */
final class Turns {

  /** What an actor does. */
  interface Script {
    void run(Actor actor) throws Exception;
  }

  /** One who takes turns. Its methods are called by its own thread. */
  final class Actor {
    private final String name;
    private final Semaphore turn = new Semaphore(0);
    private final Thread thread;
    private int asleepUntil;
    private boolean ended;

    private Actor(String name, Script script) {
      this.name = name;
      this.thread = new Thread(() -> live(script), name);
      thread.setDaemon(true);
    }

    /** Gives the turn away and waits for the next. */
    void pass() {
      if (!isNext()) {
        current.turn.release();
        turn.acquireUninterruptibly();
      }
    }

    /** Does not get a turn before so many more were taken, as a suspended process. */
    void sleep(int turns) {
      asleepUntil = taken + turns;
    }

    private boolean isNext() {
      if (!next()) {
        // For ever, as a process that nobody looks at any more.
        over.release();
        turn.acquireUninterruptibly();
      }
      return current == this;
    }

    private void live(Script script) {
      turn.acquireUninterruptibly();
      try {
        script.run(this);
      } catch (Exception | AssertionError e) {
        failures.add(new AssertionError("Actor " + name + " failed: " + e, e));
      } finally {
        ended = true;
        (next() ? current.turn : over).release();
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What is done, by whoever has the turn, after each of them. */
  interface After {
    void turn() throws Exception;
  }

  private final Random random;
  private final Semaphore over = new Semaphore(0);
  private final List<Actor> left = new ArrayList<>();
  private final List<AssertionError> failures = new ArrayList<>();
  private After after = () -> {};
  private Actor current = new Actor("nobody", actor -> {});
  private int patience;
  private int taken;

  Turns(Random random) {
    this.random = random;
  }

  void add(String name, Script script) {
    left.add(new Actor(name, script));
  }

  /** How many turns were taken. */
  int taken() {
    return taken;
  }

  /**
   * Gives turns until all have ended. Mostly whoever had the last turn goes on for a while, because
   * what goes wrong often needs somebody who waits while somebody else does all of his work.
   *
   * @throws AssertionError if an actor failed, or what is done after each turn
   */
  void run(After afterEach) {
    after = afterEach;
    left.forEach(actor -> actor.thread.start());
    patience = 2 + random.nextInt(40);
    current = left.get(random.nextInt(left.size()));
    choose();
    current.turn.release();
    over.acquireUninterruptibly();
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  /** Ends the current turn and chooses whose the next is; false if that is nobody's. */
  private boolean next() {
    if (current.ended) {
      left.remove(current);
    }
    if (!failures.isEmpty()) {
      return false;
    }
    try {
      after.turn();
    } catch (AssertionError failure) {
      failures.add(failure);
      return false;
    } catch (Exception failure) {
      failures.add(new AssertionError("After turn " + taken + ": " + failure, failure));
      return false;
    }
    if (left.isEmpty()) {
      return false;
    }
    choose();
    return true;
  }

  private void choose() {
    if (current.ended || current.asleepUntil > taken || random.nextInt(patience) == 0) {
      List<Actor> awake = left.stream().filter(actor -> actor.asleepUntil <= taken).toList();
      List<Actor> from = awake.isEmpty() ? left : awake;
      current = from.get(random.nextInt(from.size()));
    }
    taken++;
  }
}
