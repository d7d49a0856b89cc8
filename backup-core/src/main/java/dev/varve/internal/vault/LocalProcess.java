package dev.varve.internal.vault;

import dev.varve.internal.log.CallId;
import dev.varve.internal.log.LockNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This process, as locks name it, and what it can tell of others on the same machine: whoever was
 * killed here need not be waited for. Safe for use by many threads.
 *
 * @param host the machine's name, found without asking the network
 * @param number its number
 * @param start when it began
 * @param place the machine since it was started, and the name space of its processes; empty if that
 *     cannot be told: then nothing is said of others
 */
record LocalProcess(String host, long number, Instant start, String place) {

  /** How much the beginning of one process may differ between two looks at it. */
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  private static final int MAX_LENGTH = 60;
  private static final LocalProcess CURRENT = look();

  /** The runs of this process that are going on. */
  private static final Set<CallId> RUNNING = ConcurrentHashMap.newKeySet();

  static LocalProcess current() {
    return CURRENT;
  }

  void begin(CallId run) {
    RUNNING.add(run);
  }

  void end(CallId run) {
    RUNNING.remove(run);
  }

  /** Whether the run is of this machine, and certainly does not go on any more. */
  boolean knowsDead(LockNote note) {
    if (place.isEmpty() || !note.place().equals(place) || !note.host().equals(host)) {
      return false;
    }
    if (note.process() == number && isClose(note.processStart(), start)) {
      return !RUNNING.contains(note.run());
    }
    Optional<ProcessHandle> process = ProcessHandle.of(note.process());
    return process.isEmpty()
        || !process.get().isAlive()
        || process
            .get()
            .info()
            .startInstant()
            .filter(began -> !isClose(note.processStart(), began))
            .isPresent();
  }

  private static boolean isClose(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TOLERANCE) <= 0;
  }

  private static LocalProcess look() {
    ProcessHandle self = ProcessHandle.current();
    String host =
        firstLine("/proc/sys/kernel/hostname")
            .or(() -> variable("HOSTNAME"))
            .or(() -> variable("COMPUTERNAME"))
            .orElse("unknown");
    String place =
        firstLine("/proc/sys/kernel/random/boot_id")
            .flatMap(boot -> nameSpace().map(space -> boot + " " + space))
            .orElse("");
    return new LocalProcess(
        shortened(host),
        self.pid(),
        self.info().startInstant().orElse(Instant.EPOCH),
        shortened(place));
  }

  private static Optional<String> firstLine(String file) {
    try {
      return Files.readString(Path.of(file)).lines().findFirst().filter(line -> !line.isBlank());
    } catch (IOException | InvalidPathException e) {
      // Another system than Linux.
      return Optional.empty();
    }
  }

  private static Optional<String> nameSpace() {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
    } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  /** At most 240 bytes, on one line. */
  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH);
  }
}
