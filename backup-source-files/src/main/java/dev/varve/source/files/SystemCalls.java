package dev.varve.source.files;

import static dev.varve.source.files.LinuxErrors.EAGAIN;
import static dev.varve.source.files.LinuxErrors.EINTR;
import static dev.varve.source.files.LinuxErrors.ENAMETOOLONG;
import static dev.varve.source.files.LinuxErrors.ENODATA;
import static dev.varve.source.files.LinuxErrors.ENOENT;
import static dev.varve.source.files.LinuxErrors.ENOTSUP;
import static dev.varve.source.files.LinuxErrors.ERANGE;
import static dev.varve.source.files.LinuxErrors.checked;
import static dev.varve.source.files.LinuxErrors.failure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What Linux can do with files and the JDK cannot: extended attributes of all classes, pipes,
 * devices, links with any target, times of links. Safe for use by many threads.
 *
 * <p>It is loaded by the first who asks for it, in some 50 ms by JNA or 10 ms by the JDK itself
 * from 22 on. Names are bytes, whatever the locale.
 */
final class SystemCalls {

  /** Equal on all architectures that a 64-bit JVM runs on. */
  private static final long AT_FDCWD = -100;

  private static final long AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long AT_EMPTY_PATH = 0x1000;
  private static final long STATX_BASIC_STATS = 0x7ff;
  private static final long STATX_NOTHING = 0;
  private static final long O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
  private static final long O_PATH_CLOEXEC = 0x200000 | 0x80000;

  private static final int FEW_NAMES_BYTES = 256;

  private static final int PIPE = 0010000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;

  /** {@code O_NOFOLLOW}, 0 where it is not known. */
  private static final long NO_FOLLOW =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 0x20000;
        case "aarch64" -> 0x8000;
        default -> 0;
      };

  private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));

  private static final AtomicBoolean PREPARED = new AtomicBoolean();

  private final NativeBinding binding;

  /** One for each thread: a queue of idle ones cost as much as a quarter of the calls. */
  private final ThreadLocal<Scratch> scratches;

  private final boolean reading;

  SystemCalls(NativeBinding binding) {
    this.binding = binding;
    this.scratches = ThreadLocal.withInitial(() -> new Scratch(binding));
    this.reading = NO_FOLLOW != 0 && looks();
  }

  /** All calls, if this platform has them and they could be loaded. */
  static Optional<SystemCalls> find() {
    return LoadedCalls.here().calls();
  }

  /** Loads them in a thread of their own, so that whoever needs them later finds them loaded. */
  static void prepare() {
    if (LINUX && PREPARED.compareAndSet(false, true)) {
      Thread thread = new Thread(SystemCalls::find, "varve-system-calls");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Whether this platform would have them. */
  static boolean areMissed() {
    return LINUX;
  }

  /** Why they are missed, and what to do. */
  static String lack() {
    return LoadedCalls.here().lack();
  }

  /**
   * The names of all extended attributes that the caller may know of.
   *
   * @throws IOException if they cannot be read; none where the file system has none
   */
  List<byte[]> attributeNames(Spot spot) throws IOException {
    LinuxCall call = spot.isDescriptor() ? LinuxCall.LISTXATTR : LinuxCall.LLISTXATTR;
    Scratch scratch = scratch(spot);
    long path = scratch.path(spot.path());
    // The kernel takes as much memory as it is told there is room, and 64 KiB cost it more than the
    // call, while most files have no attributes or one.
    long result = binding.call(call, path, scratch.room(), FEW_NAMES_BYTES, 0, 0);
    if (result == -ERANGE) {
      result = binding.call(call, path, scratch.room(), Scratch.VALUE_BYTES, 0, 0);
    }
    if (result == 0 || result == -ENOTSUP) {
      return List.of();
    }
    return scratch.writtenNames((int) checked(result, spot));
  }

  /** The value of an extended attribute, if there is still one of that name. */
  Optional<byte[]> attribute(Spot spot, byte[] name) throws IOException {
    LinuxCall call = spot.isDescriptor() ? LinuxCall.GETXATTR : LinuxCall.LGETXATTR;
    Scratch scratch = scratch(spot);
    long result =
        binding.call(
            call,
            scratch.path(spot.path()),
            scratch.name(name),
            scratch.room(),
            Scratch.VALUE_BYTES,
            0);
    if (result == -ENODATA) {
      return Optional.empty();
    }
    return Optional.of(scratch.written((int) checked(result, spot)));
  }

  /** Whether {@link #stat} and {@link #open} can be used; by the JDK they cost three times more. */
  boolean canRead() {
    return reading;
  }

  private boolean looks() {
    try {
      Stat unused = stat(Spot.at(Path.of("/")));
      return true;
    } catch (LinkageError | IOException olderSystem) {
      return false;
    }
  }

  /** Looks at what is called so. The JDK's key of the file is not known. */
  Stat stat(Spot spot) throws IOException {
    Scratch scratch = scratch(spot);
    checked(
        binding.call(
            LinuxCall.STATX,
            AT_FDCWD,
            scratch.path(spot.path()),
            AT_SYMLINK_NOFOLLOW,
            STATX_BASIC_STATS,
            scratch.room()),
        spot);
    return scratch.stat();
  }

  /**
   * Whether a directory that is held open surely has no child of this name. The JDK's way of asking
   * costs ten times as much where there is none.
   */
  boolean isMissing(Pin directory, Path name) throws IOException {
    Spot spot = Spot.step(name);
    Scratch scratch = scratch(spot);
    long result =
        binding.call(
            LinuxCall.STATX,
            directory.descriptor(),
            scratch.path(spot.path()),
            AT_SYMLINK_NOFOLLOW,
            STATX_NOTHING,
            scratch.room());
    return result == -ENOENT;
  }

  /** Looks at what is held open. */
  Stat stat(long descriptor) throws IOException {
    Spot spot = Spot.held();
    Scratch scratch = scratch(spot);
    checked(
        binding.call(
            LinuxCall.STATX,
            descriptor,
            scratch.path(spot.path()),
            AT_EMPTY_PATH,
            STATX_BASIC_STATS,
            scratch.room()),
        spot);
    return scratch.stat();
  }

  /**
   * Opens something for reading, links not followed, without waiting for anybody.
   *
   * @return the descriptor, which is to be closed; nothing if it can only be opened by waiting
   */
  OptionalLong open(Spot spot) throws IOException {
    Scratch scratch = scratch(spot);
    long flags = O_RDONLY_NONBLOCK_CLOEXEC | NO_FOLLOW;
    long result = binding.call(LinuxCall.OPEN, scratch.path(spot.path()), flags, 0, 0, 0);
    return result == -EAGAIN ? OptionalLong.empty() : OptionalLong.of(checked(result, spot));
  }

  /** Reads on; -1 at the end. */
  int read(long descriptor, Spot spot, ByteBuffer into) throws IOException {
    Scratch scratch = scratches.get();
    int most = Math.min(into.remaining(), Scratch.CONTENT_BYTES);
    long content = scratch.content();
    long count;
    do {
      count = binding.call(LinuxCall.READ, descriptor, content, most, 0, 0);
    } while (count == -EINTR);
    if (checked(count, spot) == 0) {
      return most == 0 ? 0 : -1;
    }
    scratch.takeContent((int) count, into);
    return (int) count;
  }

  /** Closes what {@link #open} opened. */
  void close(long descriptor) {
    binding.call(LinuxCall.CLOSE, descriptor, 0, 0, 0, 0);
  }

  /** Sets an extended attribute, whether it was there or not. */
  void setAttribute(Spot spot, byte[] name, byte[] value) throws IOException {
    if (value.length > Scratch.VALUE_BYTES || !Scratch.holdsName(name)) {
      throw new FileSystemException(spot.toString(), null, "more than Linux keeps");
    }
    LinuxCall call = spot.isDescriptor() ? LinuxCall.SETXATTR : LinuxCall.LSETXATTR;
    Scratch scratch = scratch(spot);
    checked(
        binding.call(
            call,
            scratch.path(spot.path()),
            scratch.name(name),
            scratch.value(value),
            value.length,
            0),
        spot);
  }

  /** Removes an extended attribute if it is there. */
  void removeAttribute(Spot spot, byte[] name) throws IOException {
    LinuxCall call = spot.isDescriptor() ? LinuxCall.REMOVEXATTR : LinuxCall.LREMOVEXATTR;
    Scratch scratch = scratch(spot);
    long result = binding.call(call, scratch.path(spot.path()), scratch.name(name), 0, 0, 0);
    if (result != -ENODATA) {
      checked(result, spot);
    }
  }

  /** Sets the modification and access time, of a link its own. */
  void setTime(Path path, Instant time) throws IOException {
    Spot spot = Spot.at(path);
    Scratch scratch = scratch(spot);
    long seconds = time.getEpochSecond();
    long times = scratch.numbers(seconds, time.getNano(), seconds, time.getNano());
    checked(
        binding.call(
            LinuxCall.UTIMENSAT,
            AT_FDCWD,
            scratch.path(spot.path()),
            times,
            AT_SYMLINK_NOFOLLOW,
            0),
        spot);
  }

  /** Makes a symbolic link that holds exactly these bytes. */
  void makeLink(Path path, byte[] target) throws IOException {
    Spot spot = Spot.at(path);
    if (!Scratch.holdsPath(target)) {
      throw failure(ENAMETOOLONG, spot);
    }
    Scratch scratch = scratch(spot);
    checked(
        binding.call(LinuxCall.SYMLINK, scratch.name(target), scratch.path(spot.path()), 0, 0, 0),
        spot);
  }

  /** Makes a named pipe that only its owner may use. */
  void makePipe(Path path) throws IOException {
    Spot spot = Spot.at(path);
    Scratch scratch = scratch(spot);
    checked(binding.call(LinuxCall.MKFIFO, scratch.path(spot.path()), PIPE | 0600, 0, 0, 0), spot);
  }

  /**
   * Makes a device that only its owner may use.
   *
   * @param number as the file system tells it
   */
  void makeDevice(Path path, boolean block, long number) throws IOException {
    Spot spot = Spot.at(path);
    int mode = (block ? BLOCK_DEVICE : CHARACTER_DEVICE) | 0600;
    Scratch scratch = scratch(spot);
    checked(makeDevice(scratch, spot, mode, number), spot);
  }

  private long makeDevice(Scratch scratch, Spot spot, int mode, long number) {
    try {
      return binding.call(LinuxCall.MKNOD, scratch.path(spot.path()), mode, number, 0, 0);
    } catch (LinkageError olderLibrary) {
      return binding.call(
          LinuxCall.XMKNOD, 0, scratch.path(spot.path()), mode, scratch.numbers(number), 0);
    }
  }

  /**
   * Holds on to what a path leads to now, without opening it for reading or writing. Whoever asks
   * for it compares what he got: links are followed, and the path may lead elsewhere meanwhile.
   */
  Pin pin(Path path) throws IOException {
    Spot spot = Spot.at(path);
    Scratch scratch = scratch(spot);
    long descriptor =
        checked(
            binding.call(LinuxCall.OPEN, scratch.path(spot.path()), O_PATH_CLOEXEC, 0, 0, 0), spot);
    return new Pin(descriptor, this);
  }

  private Scratch scratch(Spot spot) throws IOException {
    if (!Scratch.holdsPath(spot.path())) {
      throw failure(ENAMETOOLONG, spot);
    }
    return scratches.get();
  }
}
