package dev.varve.repository;

import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.log.RememberedHead;
import dev.varve.internal.log.SlotHash;
import java.io.IOException;
import java.util.Optional;

/** Remembers as the host does. Used as that is. */
record HostMemory(LogMemory memory, RepositoryId repository) implements RememberedHead {

  @Override
  public Optional<Position> load() throws IOException {
    Optional<LogMemory.Position> known = memory.recall(repository.hex());
    try {
      return known.map(each -> new Position(each.slot(), new SlotHash(each.hash())));
    } catch (IllegalArgumentException e) {
      throw new IOException("The host does not remember a position in the log: " + known, e);
    }
  }

  @Override
  public void save(Position position) throws IOException {
    Optional<LogMemory.Position> before = memory.recall(repository.hex());
    if (before.isEmpty() || before.get().slot() < position.slot()) {
      accept(position);
    }
  }

  @Override
  public void accept(Position position) throws IOException {
    memory.remember(
        repository.hex(), new LogMemory.Position(position.slot(), position.hash().hex()));
  }
}
