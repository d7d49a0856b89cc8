package dev.varve.testkit;

import dev.varve.Entry;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An entry, what can be read of it, and what goes wrong.
 *
 * @param entry as the cursor shows it
 * @param content its bytes from the beginning, as a new stream
 * @param fault how reading it goes wrong
 */
record MemoryFile(Entry entry, Supplier<InputStream> content, Optional<ContentFault> fault) {

  MemoryFile with(ContentFault another) {
    return new MemoryFile(entry, content, Optional.of(another));
  }

  MemoryFile sound() {
    return new MemoryFile(entry, content, Optional.empty());
  }
}
