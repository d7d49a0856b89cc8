package dev.varve.internal.repair;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.index.PackCursor;
import dev.varve.internal.index.Run;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens every page of every live run as it rests in the store. Used by one thread. */
final class IndexCheck {

  private final Vault vault;
  private final Findings findings;
  private final Cancellation cancellation;
  private final Wounds wounds;
  private final Map<PackName, Long> claims = new HashMap<>();
  private final ChunkIndex sound = new ChunkIndex(IndexMemory.DEFAULT);

  IndexCheck(Vault vault, Findings findings, Wounds wounds, Cancellation cancellation) {
    this.vault = vault;
    this.findings = findings;
    this.wounds = wounds;
    this.cancellation = cancellation;
  }

  void run(LogState state) throws IOException {
    for (RunStatus run : state.liveRuns()) {
      cancellation.check();
      try {
        sound.add(readTwice(run));
      } catch (FormatException e) {
        wounds.run(run.name(), String.valueOf(e.getMessage()));
        findings.add(
            run.name().key(),
            "The run is damaged; repair can make it again from packs: " + e.getMessage());
      } catch (NoSuchFileException e) {
        wounds.run(run.name(), "The run is missing");
        findings.add(run.name().key(), "The run is missing; repair can make it again from packs");
      }
    }
  }

  /** What the runs say that can be read to their ends. */
  ChunkIndex sound() {
    return sound;
  }

  /** How many chunks runs say lie in a pack. */
  long claims(PackName pack) {
    return claims.getOrDefault(pack, 0L);
  }

  /** What cannot be read is read a second time: a bad transfer is not damage. */
  private Run readTwice(RunStatus run) throws IOException {
    try {
      return read(run);
    } catch (FormatException | NoSuchFileException first) {
      return read(run);
    }
  }

  private Run read(RunStatus status) throws IOException {
    Run run = vault.runs().reread(status);
    ChunkIndex alone = new ChunkIndex(IndexMemory.DEFAULT);
    alone.replace(List.of(run));
    PackCursor packs = alone.packs();
    while (packs.next()) {
      cancellation.check();
      packs.pack();
    }
    Map<PackName, Long> said = new HashMap<>();
    ChunkCursor chunks = alone.chunks();
    while (chunks.next()) {
      cancellation.check();
      said.merge(chunks.location().pack(), 1L, Long::sum);
    }
    said.forEach((pack, count) -> claims.merge(pack, count, Long::sum));
    return run;
  }
}
