package dev.varve.source.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who unpacks: the owner of what an archive does not tell the owner of. Stateless. */
final class FileOwner {

  private FileOwner() {}

  /** The numbers of the user and group that files of this process get. */
  static int[] ofThisProcess() throws IOException {
    Path probe = Files.createTempFile("varve-owner-", ".tmp");
    try {
      return new int[] {
        (Integer) Files.getAttribute(probe, "unix:uid"),
        (Integer) Files.getAttribute(probe, "unix:gid")
      };
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return new int[] {0, 0};
    } finally {
      Files.delete(probe);
    }
  }
}
