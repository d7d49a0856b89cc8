package dev.varve;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out what this machine is called in the identity of a source. */
final class HostName {

  /** Says it without asking a name server, on Linux. */
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /**
   * The environment variable {@code VARVE_HOST}, or else the machine's name.
   *
   * @throws ConfigurationException if neither is known
   */
  static String ofThisMachine() {
    String chosen = System.getenv("VARVE_HOST");
    if (chosen != null && !chosen.isEmpty()) {
      return chosen;
    }
    try {
      String name = Files.isReadable(KERNEL) ? Files.readString(KERNEL).strip() : "";
      return name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
    } catch (IOException unknown) {
      throw new ConfigurationException(
          "This machine does not say what it is called; set VARVE_HOST or name the host", unknown);
    }
  }
}
