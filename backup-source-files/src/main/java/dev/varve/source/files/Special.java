package dev.varve.source.files;

import dev.varve.EntryKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds what is no file but can be read like one to its end. Character devices are not among it:
 * most have no end.
 */
final class Special {

  private Special() {}

  static boolean isSpecial(EntryKind kind) {
    return kind == EntryKind.FIFO || kind == EntryKind.BLOCK_DEVICE;
  }

  /** Looks at a root: a link to a pipe or a device counts as that. */
  static Stat statOfRoot(Path root) throws IOException {
    Stat stat = Root.stat(root);
    if (stat.kind() == EntryKind.SYMBOLIC_LINK && Files.exists(root)) {
      Stat target = Stat.of(root.toRealPath());
      return isSpecial(target.kind()) ? target : stat;
    }
    return stat;
  }

  /**
   * What to open to read {@code path}, if it is a pipe or a device. Only of roots links are
   * followed: those of others could lead anywhere.
   */
  static Optional<Path> find(Path path, Stat stat, boolean isRoot) throws IOException {
    if (isSpecial(stat.kind())) {
      return Optional.of(path);
    }
    return isRoot && isSpecial(statOfRoot(path).kind())
        ? Optional.of(path.toRealPath())
        : Optional.empty();
  }
}
