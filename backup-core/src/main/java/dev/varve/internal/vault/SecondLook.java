package dev.varve.internal.vault;

import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.PackStatus;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads blocks again before anything is said of them in the log. Used by one thread. */
public final class SecondLook implements AutoCloseable {

  private final Vault vault;
  private final PackInspector inspector;

  /** Looks at packs of {@code vault}. */
  public SecondLook(Vault vault) throws IOException {
    this.vault = vault;
    this.inspector = new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys());
  }

  /** Those of the blocks that cannot be opened now, the whole pack if its footer cannot. */
  public Optional<PackBlocks> damaged(PackBlocks blocks) throws IOException {
    PackStatus pack = vault.state().pack(blocks.pack());
    List<Integer> bad = new ArrayList<>();
    try {
      for (FooterBlock block : inspector.footer(pack.name(), pack.kind(), pack.storedBytes())) {
        if (blocks.contains(block.ordinal()) && !opens(pack, block)) {
          bad.add(block.ordinal());
        }
      }
    } catch (FormatException | EOFException | NoSuchFileException e) {
      return Optional.of(PackBlocks.all(pack.name()));
    }
    return bad.isEmpty() ? Optional.empty() : Optional.of(new PackBlocks(pack.name(), bad));
  }

  @Override
  public void close() {
    inspector.close();
  }

  private boolean opens(PackStatus pack, FooterBlock block) throws IOException {
    try {
      inspector.verifyAgain(pack.name(), pack.kind(), pack.storedBytes(), block);
      return true;
    } catch (FormatException | EOFException e) {
      return false;
    }
  }
}
