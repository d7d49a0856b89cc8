package dev.varve.source.archive;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called in the identity of a source. */
final class HostName {

  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** {@code VARVE_HOST}, or else the machine's name; {@code localhost} if it has none. */
  static String ofThisMachine() {
    String chosen = System.getenv("VARVE_HOST");
    if (chosen != null && !chosen.isEmpty()) {
      return chosen;
    }
    try {
      String name = Files.isReadable(KERNEL) ? Files.readString(KERNEL).strip() : "";
      return name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
    } catch (IOException unknown) {
      return "localhost";
    }
  }
}
