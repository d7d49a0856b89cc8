package dev.varve.source.files;

import dev.varve.EntryKind;

/** Says kinds in words for people. */
final class Kinds {

  private Kinds() {}

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
