package dev.varve.source.files;

import dev.varve.EntryKind;
import dev.varve.Revision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the file system says of a name, links not followed. Immutable.
 *
 * <p>Asks for numbers only: names of owners cost 50 µs a file, see {@link Owners}. Where there are
 * no Unix attributes, all of them are 0 and {@link #unix} is false.
 *
 * @param unix whether mode, inode, owners and ctime are known
 * @param kind what it is
 * @param mode permissions with set-uid, set-gid and sticky bits
 * @param inode the file's number on its device
 * @param device the number of the device it lies on
 * @param links how many names it has
 * @param uid the owner's number
 * @param gid the group's number
 * @param size in bytes
 * @param modified when its content last changed
 * @param changed when anything of it last changed (ctime)
 * @param deviceNumber for devices, which one
 * @param key something equal for all names of the file, where there is such
 */
record Stat(
    boolean unix,
    EntryKind kind,
    int mode,
    long inode,
    long device,
    int links,
    long uid,
    long gid,
    long size,
    Instant modified,
    Instant changed,
    long deviceNumber,
    Optional<Object> key) {

  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final String ATTRIBUTES =
      "unix:mode,ino,dev,nlink,uid,gid,ctime,lastModifiedTime,size,rdev,fileKey";

  private static final int TYPE_MASK = 0170000;
  private static final long MOST_NUMBER = 0xffff_ffffL;
  private static final int REVISION_BYTES = 40;

  /** Looks at {@code path}. */
  static Stat of(Path path) throws IOException {
    if (!UNIX) {
      return of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }
    return of(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
  }

  /** Looks at what a path in {@code /proc/self/fd} leads to. */
  static Stat behind(Path descriptor) throws IOException {
    return of(Files.readAttributes(descriptor, ATTRIBUTES));
  }

  private static Stat of(Map<String, Object> found) {
    int mode = (Integer) found(found, "mode");
    return new Stat(
        true,
        kind(mode),
        mode & 07777,
        (Long) found(found, "ino"),
        (Long) found(found, "dev"),
        (Integer) found(found, "nlink"),
        Integer.toUnsignedLong((Integer) found(found, "uid")),
        Integer.toUnsignedLong((Integer) found(found, "gid")),
        (Long) found(found, "size"),
        ((FileTime) found(found, "lastModifiedTime")).toInstant(),
        ((FileTime) found(found, "ctime")).toInstant(),
        (Long) found(found, "rdev"),
        Optional.of(found(found, "fileKey")));
  }

  /**
   * What {@code statx} wrote at the start of {@code found}, in native byte order; without a key.
   */
  static Stat ofStatx(ByteBuffer found) {
    int mode = found.getShort(28) & 0xffff;
    return new Stat(
        true,
        kind(mode),
        mode & 07777,
        found.getLong(32),
        deviceNumber(found.getInt(136) & MOST_NUMBER, found.getInt(140) & MOST_NUMBER),
        found.getInt(16),
        found.getInt(20) & MOST_NUMBER,
        found.getInt(24) & MOST_NUMBER,
        found.getLong(40),
        Instant.ofEpochSecond(found.getLong(112), found.getInt(120)),
        Instant.ofEpochSecond(found.getLong(96), found.getInt(104)),
        deviceNumber(found.getInt(128) & MOST_NUMBER, found.getInt(132) & MOST_NUMBER),
        Optional.empty());
  }

  private static Stat of(BasicFileAttributes found) {
    EntryKind kind =
        found.isDirectory()
            ? EntryKind.DIRECTORY
            : found.isSymbolicLink()
                ? EntryKind.SYMBOLIC_LINK
                : found.isRegularFile() ? EntryKind.FILE : EntryKind.SOCKET;
    Instant modified = found.lastModifiedTime().toInstant();
    return new Stat(
        false,
        kind,
        0,
        0,
        0,
        1,
        0,
        0,
        found.size(),
        modified,
        modified,
        0,
        Optional.ofNullable(found.fileKey()));
  }

  /**
   * What must be equal next time for the content to count as unchanged; none where a change could
   * hide: without a ctime, and where the ctime is so young that another change could get the same.
   *
   * @param settled the youngest ctime that no later change can get
   */
  Optional<Revision> revision(Instant settled) {
    return unix && changed.isBefore(settled) ? Optional.of(revision()) : Optional.empty();
  }

  private static Object found(Map<String, Object> all, String name) {
    return Objects.requireNonNull(all.get(name));
  }

  /** Whether the {@linkplain #revision() revisions} of both are equal; makes neither. */
  boolean sameRevision(Stat other) {
    return size == other.size
        && inode == other.inode
        && changed.equals(other.changed)
        && modified.equals(other.modified);
  }

  /** Everything that a change of the content changes. */
  private Revision revision() {
    return Revision.of(
        ByteBuffer.allocate(REVISION_BYTES)
            .putLong(changed.getEpochSecond())
            .putInt(changed.getNano())
            .putLong(modified.getEpochSecond())
            .putInt(modified.getNano())
            .putLong(size)
            .putLong(inode)
            .array());
  }

  private static long deviceNumber(long major, long minor) {
    return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | (minor & 0xff) | (minor & ~0xffL) << 12;
  }

  /**
   * The number of the device that {@link #deviceName} calls {@code name}.
   *
   * @throws IOException if none is called so
   */
  static long deviceNumber(String name) throws IOException {
    int colon = name.indexOf(':');
    try {
      long major = Integer.parseUnsignedInt(name, 0, Math.max(colon, 0), 10) & MOST_NUMBER;
      long minor = Integer.parseUnsignedInt(name, colon + 1, name.length(), 10) & MOST_NUMBER;
      return deviceNumber(major, minor);
    } catch (NumberFormatException malformed) {
      throw new IOException("no device is numbered '" + name + "'", malformed);
    }
  }

  /** The major and minor number of a device, e.g. {@code 8:1}. */
  String deviceName() {
    long major = (deviceNumber >>> 8 & 0xfff) | (deviceNumber >>> 32 & ~0xfffL);
    long minor = (deviceNumber & 0xff) | (deviceNumber >>> 12 & ~0xffL);
    return major + ":" + minor;
  }

  private static EntryKind kind(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> EntryKind.FILE;
      case 0040000 -> EntryKind.DIRECTORY;
      case 0120000 -> EntryKind.SYMBOLIC_LINK;
      case 0010000 -> EntryKind.FIFO;
      case 0020000 -> EntryKind.CHARACTER_DEVICE;
      case 0060000 -> EntryKind.BLOCK_DEVICE;
      default -> EntryKind.SOCKET;
    };
  }
}
