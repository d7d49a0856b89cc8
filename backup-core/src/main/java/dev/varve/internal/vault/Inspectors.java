package dev.varve.internal.vault;

import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.PackStatus;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** As many inspectors as threads ask for at once. Safe for use by many threads. */
public final class Inspectors implements AutoCloseable {

  private final Vault vault;
  private final ArrayDeque<PackInspector> idle = new ArrayDeque<>();

  /** Takes a chunk that a footer names. */
  @FunctionalInterface
  public interface ChunkVisitor {
    /** Takes one. */
    void visit(ChunkKind kind, ChunkId id) throws IOException;
  }

  /** Reads packs of {@code vault}. */
  public Inspectors(Vault vault) {
    this.vault = vault;
  }

  /**
   * Shows every chunk that a pack's footer names, whether the pack is registered or not.
   *
   * @throws NoSuchFileException if there is no such pack
   */
  public void footer(PackStatus pack, ChunkVisitor visitor) throws IOException {
    for (FooterBlock block : footer(pack)) {
      for (int i = 0; i < block.ids().length; i++) {
        visitor.visit(block.kinds()[i], block.ids()[i]);
      }
    }
  }

  /** What a pack's footer says. */
  public List<FooterBlock> footer(PackStatus pack) throws IOException {
    PackInspector inspector = take();
    try {
      if (pack.isRegistered()) {
        return inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
      }
      return unregistered(inspector, pack.name());
    } finally {
      give(inspector);
    }
  }

  /** Nobody said of which kind such a pack is; its header does. */
  private List<FooterBlock> unregistered(PackInspector inspector, PackName pack)
      throws IOException {
    Optional<Stored> item = Items.find(vault.store(), pack.key());
    if (item.isEmpty()) {
      throw new NoSuchFileException(pack.key());
    }
    try {
      return inspector.footer(pack, PackKind.DATA, item.get().size());
    } catch (FormatException e) {
      return inspector.footer(pack, PackKind.CATALOG, item.get().size());
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(PackInspector::close);
      idle.clear();
    }
  }

  /** An inspector for one thread, to be {@linkplain #give given back}. */
  public PackInspector take() throws IOException {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys());
  }

  /** Takes back what was taken. */
  public void give(PackInspector inspector) {
    synchronized (idle) {
      idle.push(inspector);
    }
  }
}
