package dev.varve.internal.index;

import dev.varve.internal.format.RunName;
import dev.varve.store.Body;
import java.io.Closeable;
import java.io.IOException;

/**
 * A run ready to be stored under its name, and then to be {@linkplain RunShelf#adopt adopted}. Safe
 * for use by many threads until it is closed, which removes what it keeps on disk.
 */
public final class SealedRun implements Closeable {

  private final RunName name;
  private final Body body;
  private final int packs;
  private final long chunks;
  private final Closeable remains;

  SealedRun(RunName name, Body body, RunLayout layout, Closeable remains) {
    this.name = name;
    this.body = body;
    this.packs = layout.packs();
    this.chunks = layout.chunks();
    this.remains = remains;
  }

  /** What it is to be called. */
  public RunName name() {
    return name;
  }

  /** The item. */
  public Body body() {
    return body;
  }

  /** How many packs it speaks of. */
  public int packs() {
    return packs;
  }

  /** How many chunk entries it has. */
  public long chunks() {
    return chunks;
  }

  @Override
  public void close() throws IOException {
    remains.close();
  }
}
