package dev.varve;

import java.time.Instant;
import java.util.Optional;

/**
 * What a POSIX file system says of an entry beside its content.
 *
 * @param mode permissions with set-uid, set-gid and sticky bits, from 0 to 07777
 * @param uid the owner's number, from 0 to 2^32-1
 * @param gid the group's number, from 0 to 2^32-1
 * @param user the owner's name where it is known
 * @param group the group's name where it is known
 * @param changed when the file system last changed anything of it (ctime)
 */
public record Posix(
    int mode,
    long uid,
    long gid,
    Optional<String> user,
    Optional<String> group,
    Optional<Instant> changed) {

  private static final long MAX_ID = 0xffff_ffffL;

  /** Fails if mode or ids are out of range. */
  public Posix {
    if (mode < 0 || mode > 07777) {
      throw new IllegalArgumentException(
          "A mode is 0 to 07777, not " + Integer.toOctalString(mode));
    }
    if (uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
      throw new IllegalArgumentException("Owner " + uid + " or group " + gid + " is not 32 bits");
    }
  }

  // By hand, for keys of maps: what the JDK makes of records costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Posix that
        && mode == that.mode
        && uid == that.uid
        && gid == that.gid
        && user.equals(that.user)
        && group.equals(that.group)
        && changed.equals(that.changed);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * mode + Long.hashCode(uid)) + Long.hashCode(gid);
  }
}
