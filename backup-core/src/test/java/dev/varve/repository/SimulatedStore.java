package dev.varve.repository;

import dev.varve.RefusedException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;

/**
 * What one actor of a {@link Simulation} sees of the place: each call takes a turn and meets a
 * fate. Used by that actor's thread.
 */
final class SimulatedStore implements Store {

  /** What becomes of a call. */
  enum Fate {
    /** It is done and answered. */
    DONE,
    /** It is not done, and that is told. */
    FAILED,
    /** It is done, but the answer is lost. */
    REPLY_LOST,
    /** It is told to have timed out, and is done later. */
    LATE,
    /** It is done and answered, and is done once more later. */
    TWICE,
    /** The process dies before. */
    DIES_BEFORE,
    /** The process dies after. */
    DIES_AFTER,
    /** The process dies, and the call is done later. */
    DIES_LATE;

    boolean isDeath() {
      return this == DIES_BEFORE || this == DIES_AFTER || this == DIES_LATE;
    }
  }

  /** What a call does. */
  interface Change {
    void make() throws IOException;
  }

  private final Store place;
  private final Turns.Actor actor;
  private final Simulation simulation;
  private boolean dead;

  SimulatedStore(Store place, Turns.Actor actor, Simulation simulation) {
    this.place = place;
    this.actor = actor;
    this.simulation = simulation;
  }

  /** Whether the process has died. */
  boolean dead() {
    return dead;
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    byte[] bytes;
    try (InputStream in = body.open()) {
      bytes = in.readAllBytes();
    }
    Fate fate = arrive("create " + key, true);
    if (fate == Fate.DONE || fate == Fate.TWICE) {
      Stored stored = place.create(key, Body.of(bytes));
      simulation.created(key);
      if (fate == Fate.TWICE) {
        simulation.later(key, () -> createUnheard(key, bytes));
      }
      return stored;
    }
    throw unheard(fate, key, () -> createUnheard(key, bytes));
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Fate fate = arrive("read " + key, false);
    if (fate != Fate.DONE) {
      throw unheard(fate, key, () -> {});
    }
    place.read(key, offset, into);
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    Fate fate = arrive("list " + prefix, false);
    if (fate != Fate.DONE) {
      throw unheard(fate, prefix, () -> {});
    }
    return place.list(prefix, startAfter);
  }

  @Override
  public void delete(String key) throws IOException {
    Fate fate = arrive("delete " + key, true);
    if (fate == Fate.DONE || fate == Fate.TWICE) {
      place.delete(key);
      simulation.deleted(key);
      if (fate == Fate.TWICE) {
        simulation.later(key, () -> place.delete(key));
      }
      return;
    }
    throw unheard(fate, key, () -> place.delete(key));
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "simulated store";
  }

  private Fate arrive(String what, boolean changes) throws IOException {
    if (dead) {
      throw death();
    }
    actor.pass();
    return simulation.fate(actor, what, changes);
  }

  private IOException unheard(Fate fate, String key, Change change) throws IOException {
    dead = fate.isDeath();
    if (fate == Fate.REPLY_LOST || fate == Fate.DIES_AFTER) {
      change.make();
      simulation.deleted(key);
    } else if (fate == Fate.LATE || fate == Fate.DIES_LATE) {
      simulation.later(key, change);
    }
    return dead ? death() : new IOException("Connection lost: " + key);
  }

  private void createUnheard(String key, byte[] bytes) throws IOException {
    try {
      place.create(key, Body.of(bytes));
    } catch (FileAlreadyExistsException nobodyHears) {
      return;
    }
  }

  private static RefusedException death() {
    return new RefusedException("The process is dead");
  }
}
