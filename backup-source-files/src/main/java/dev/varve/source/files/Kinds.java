package dev.varve.source.files;

import dev.varve.EntryKind;
import java.io.IOException;

/** Says kinds in words for people. */
final class Kinds {

  private Kinds() {}

  /** The reason why an entry of this kind is left out of a restore. */
  static IOException notMade(EntryKind kind) {
    return new IOException("Java has no call that makes a " + name(kind));
  }

  static String name(EntryKind kind) {
    return switch (kind) {
      case FILE -> "file";
      case DIRECTORY -> "directory";
      case SYMBOLIC_LINK -> "symbolic link";
      case FIFO -> "named pipe";
      case SOCKET -> "socket";
      case CHARACTER_DEVICE -> "character device";
      case BLOCK_DEVICE -> "block device";
    };
  }
}
