package dev.varve.examples.cli;

import dev.varve.Snapshot;
import dev.varve.repository.Snapshots;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The one snapshot a command is about, its first argument. Used by one thread. */
final class NamedSnapshot {

  @Mixin private SnapshotChoice choice = new SnapshotChoice();

  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT",
      description = "An id, the beginning of one, or 'latest'.")
  private String name = "";

  /** The snapshot meant, of those there are. */
  Snapshot in(Snapshots all) {
    return choice.one(all, name);
  }
}
