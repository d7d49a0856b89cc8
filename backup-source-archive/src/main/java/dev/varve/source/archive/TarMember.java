package dev.varve.source.archive;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One member of a tar archive as its headers describe it.
 *
 * @param type the type flag
 * @param name as it stands there
 * @param link what a link points to
 * @param size how long the content is, holes included, in bytes
 * @param mode permissions
 * @param uid the owner's number
 * @param gid the group's number
 * @param user the owner's name, empty if there is none
 * @param group the group's name, empty if there is none
 * @param modified when its content changed last
 * @param changed when anything of it changed last
 * @param deviceMajor a device's major number
 * @param deviceMinor a device's minor number
 * @param extended extended attributes by name
 * @param note what Varve says of it
 */
record TarMember(
    Type type,
    byte[] name,
    byte[] link,
    long size,
    int mode,
    long uid,
    long gid,
    String user,
    String group,
    Instant modified,
    Optional<Instant> changed,
    long deviceMajor,
    long deviceMinor,
    Map<String, byte[]> extended,
    Optional<Note> note) {

  /** What a member is. */
  enum Type {
    FILE('0'),
    HARD_LINK('1'),
    SYMBOLIC_LINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    private final byte flag;

    Type(char flag) {
      this.flag = (byte) flag;
    }

    byte flag() {
      return flag;
    }
  }
}
