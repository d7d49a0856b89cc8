package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes what has no content and holds nothing: symbolic links, pipes and devices. What cannot be
 * made is summed up. Safe for use by many threads.
 */
final class NodeMaker {

  private final Metadata metadata;
  private final Shortfalls shortfalls;
  private final Optional<SystemCalls> calls;
  private final TargetContext context;

  NodeMaker(
      Metadata metadata,
      Shortfalls shortfalls,
      Optional<SystemCalls> calls,
      TargetContext context) {
    this.metadata = metadata;
    this.shortfalls = shortfalls;
    this.calls = calls;
    this.context = context;
  }

  /** Whether something of this kind can be made here; if not, it is reported in the end. */
  boolean makes(Entry entry) {
    EntryKind kind = entry.kind();
    if (kind == EntryKind.SYMBOLIC_LINK) {
      return true;
    }
    Optional<String> obstacle = obstacle(kind);
    obstacle.ifPresent(why -> shortfalls.add(Kinds.name(kind) + " left out: " + why, entry.path()));
    return obstacle.isEmpty();
  }

  private Optional<String> obstacle(EntryKind kind) {
    if (kind == EntryKind.SOCKET) {
      return Optional.of("the program that listens makes it");
    }
    boolean device = kind != EntryKind.FIFO;
    if (device && !metadata.restoresOwners()) {
      return Optional.of("devices are made for root only, with owners");
    }
    return calls.isPresent()
        ? Optional.empty()
        : Optional.of("Java has no call that makes one; " + SystemCalls.lack());
  }

  /**
   * Makes all that an entry says, where nobody else can reach it.
   *
   * @return whether it was made; if not, it is reported in the end
   */
  boolean make(Entry entry, Path at) throws IOException {
    switch (entry.kind()) {
      case SYMBOLIC_LINK -> makeLink(entry, at);
      case FIFO -> calls.orElseThrow().makePipe(at);
      case CHARACTER_DEVICE, BLOCK_DEVICE -> {
        if (!makeDevice(entry, at)) {
          return false;
        }
      }
      case FILE, DIRECTORY, SOCKET ->
          throw new IllegalArgumentException("No " + Kinds.name(entry.kind()) + " is made so");
    }
    metadata.apply(at, entry);
    return true;
  }

  private boolean makeDevice(Entry entry, Path at) throws IOException {
    String name =
        entry
            .attributes()
            .findText(EntryReader.DEVICE)
            .orElseThrow(() -> new IOException("the snapshot does not say which device it is"));
    boolean block = entry.kind() == EntryKind.BLOCK_DEVICE;
    try {
      calls.orElseThrow().makeDevice(at, block, Stat.deviceNumber(name));
      return true;
    } catch (AccessDeniedException refused) {
      shortfalls.add("devices could not be made: permission denied", entry.path());
      return false;
    }
  }

  private void makeLink(Entry entry, Path at) throws IOException {
    byte[] target = entry.linkTarget().orElseThrow().bytes();
    Path path = RawNames.linkPath(target);
    boolean exact = Arrays.equals(RawNames.linkTarget(path), target);
    if (!exact && calls.isPresent()) {
      calls.get().makeLink(at, target);
      return;
    }
    Files.createSymbolicLink(at, path);
    if (!exact) {
      context.warn(entry.path(), "its target is restored without needless slashes");
    }
  }
}
