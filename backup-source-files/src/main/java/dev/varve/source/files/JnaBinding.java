package dev.varve.source.files;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;

/** Calls by JNA, for JDKs that have nothing of their own. Safe for use by many threads. */
final class JnaBinding implements NativeBinding {

  @Override
  public long call(LinuxCall call, long a, long b, long c, long d, long e) {
    long register =
        switch (call) {
          case LLISTXATTR -> Common.llistxattr(a, b, c);
          case LGETXATTR -> Common.lgetxattr(a, b, c, d);
          case LSETXATTR -> Common.lsetxattr(a, b, c, d, e);
          case LREMOVEXATTR -> Common.lremovexattr(a, b);
          case LISTXATTR -> Common.listxattr(a, b, c);
          case GETXATTR -> Common.getxattr(a, b, c, d);
          case SETXATTR -> Common.setxattr(a, b, c, d, e);
          case REMOVEXATTR -> Common.removexattr(a, b);
          case UTIMENSAT -> Common.utimensat(a, b, c, d);
          case SYMLINK -> Common.symlink(a, b);
          case OPEN -> Common.open(a, b);
          case CLOSE -> Common.close(a);
          case READ -> Common.read(a, b, c);
          case STATX -> Looks.statx(a, b, c, d, e);
          case MKFIFO -> Common.mkfifo(a, b);
          case MKNOD -> NewDevices.mknod(a, b, c);
          case XMKNOD -> OldDevices.__xmknod(a, b, c, d);
        };
    long result = call.result(register);
    return result < 0 ? -Native.getLastError() : result;
  }

  @Override
  public long address(ByteBuffer direct) {
    return com.sun.jna.Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  private static void bind(Class<?> type) {
    Native.register(type, NativeLibrary.getInstance(null));
  }

  /** What every C library has. */
  private static final class Common {
    static {
      bind(Common.class);
    }

    static native long llistxattr(long path, long list, long size);

    static native long lgetxattr(long path, long name, long value, long size);

    static native long lsetxattr(long path, long name, long value, long size, long flags);

    static native long lremovexattr(long path, long name);

    static native long listxattr(long path, long list, long size);

    static native long getxattr(long path, long name, long value, long size);

    static native long setxattr(long path, long name, long value, long size, long flags);

    static native long removexattr(long path, long name);

    static native long utimensat(long directory, long path, long times, long flags);

    static native long symlink(long target, long path);

    static native long open(long path, long flags);

    static native long close(long descriptor);

    static native long read(long descriptor, long into, long size);

    static native long mkfifo(long path, long mode);
  }

  /** Since glibc 2.28. */
  private static final class Looks {
    static {
      bind(Looks.class);
    }

    static native long statx(long directory, long path, long flags, long mask, long into);
  }

  private static final class NewDevices {
    static {
      bind(NewDevices.class);
    }

    static native long mknod(long path, long mode, long device);
  }

  private static final class OldDevices {
    static {
      bind(OldDevices.class);
    }

    static native long __xmknod(long version, long path, long mode, long device);
  }
}
