package dev.varve.internal.prune;

import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.util.ArrayDeque;

/** Lends openers of blocks, as many as threads ask at once. Safe for use by many threads. */
final class Openers implements AutoCloseable {

  private final Vault vault;
  private final ArrayDeque<BlockOpener> idle = new ArrayDeque<>();

  Openers(Vault vault) {
    this.vault = vault;
  }

  /** An opener on loan; closing gives it back. */
  record Lent(Openers owner, BlockOpener opener) implements AutoCloseable {
    @Override
    public void close() {
      owner.give(opener);
    }
  }

  Lent take() throws IOException {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return new Lent(this, idle.pop());
      }
    }
    return new Lent(this, new BlockOpener(vault.id(), vault.keys()));
  }

  /** Closes those given back. */
  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(BlockOpener::close);
      idle.clear();
    }
  }

  private void give(BlockOpener opener) {
    synchronized (idle) {
      idle.push(opener);
    }
  }
}
