package dev.varve.source.files;

import java.util.Locale;

/** The functions of the C library that the JDK has no call for. All arguments are numbers. */
enum LinuxCall {
  LLISTXATTR(3),
  LGETXATTR(4),
  LSETXATTR(5),
  LREMOVEXATTR(2),
  LISTXATTR(3),
  GETXATTR(4),
  SETXATTR(5),
  REMOVEXATTR(2),
  UTIMENSAT(4),
  SYMLINK(2),
  OPEN(2),
  CLOSE(1),
  READ(3),
  STATX(5),
  MKFIFO(2),
  MKNOD(3),
  /** What {@code mknod} is called before glibc 2.33. */
  XMKNOD(4);

  /** The most arguments of any. */
  static final int MOST_ARGUMENTS = 5;

  private final int arguments;

  LinuxCall(int arguments) {
    this.arguments = arguments;
  }

  int arguments() {
    return arguments;
  }

  /** What the C library calls it. */
  String symbol() {
    return this == XMKNOD ? "__xmknod" : name().toLowerCase(Locale.ROOT);
  }

  /** Whether its result is a {@code ssize_t} rather than an {@code int}. */
  private boolean isWide() {
    return switch (this) {
      case LLISTXATTR, LGETXATTR, LISTXATTR, GETXATTR, READ -> true;
      default -> false;
    };
  }

  /** The result without what a register holds beside an {@code int}. */
  long result(long register) {
    return isWide() ? register : (int) register;
  }
}
