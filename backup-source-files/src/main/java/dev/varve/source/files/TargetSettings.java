package dev.varve.source.files;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link FilesTarget} was told. Changed only while {@link #changed} makes a copy. */
final class TargetSettings {

  /** Whether owners are restored. */
  enum Owners {
    YES,
    NO,
    IF_ROOT
  }

  final Path directory;

  /** How many leading steps of each path are left out. */
  int strip;

  Overwrite overwrite = Overwrite.NEVER;

  /** Whether what the snapshot does not have is deleted. */
  boolean delete;

  /** Whether files are read back. */
  boolean verify;

  Owners owners = Owners.IF_ROOT;

  /** Whether to do as on platforms without {@code openat}; for tests. */
  boolean plain;

  /** Whether to use calls that the JDK does not have; not in some tests. */
  boolean nativeCalls = true;

  TargetSettings(Path directory) {
    this.directory = directory;
  }

  /** The calls that the JDK does not have, where there are such. */
  Optional<SystemCalls> calls() {
    return nativeCalls ? SystemCalls.find() : Optional.empty();
  }

  /** A copy that {@code change} was applied to. */
  TargetSettings changed(Consumer<TargetSettings> change) {
    TargetSettings copy = new TargetSettings(directory);
    copy.strip = strip;
    copy.overwrite = overwrite;
    copy.delete = delete;
    copy.verify = verify;
    copy.owners = owners;
    copy.plain = plain;
    copy.nativeCalls = nativeCalls;
    change.accept(copy);
    return copy;
  }
}
