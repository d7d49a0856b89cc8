package dev.varve.internal.repair;

import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.IndexMemory;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.RunStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what runs say of packs and the packs do not: a faulty or hostile writer's claims, which
 * would count as copies. Where numbers agree nothing is read again. Used by one thread.
 */
final class ClaimCheck {

  /** How many packs' footers are in memory at once. */
  private static final int PACKS_AT_ONCE = 64;

  private final Vault vault;
  private final Findings findings;
  private final Wounds wounds;
  private final BadPlaces bad;
  private final Cancellation cancellation;

  ClaimCheck(
      Vault vault, Findings findings, Wounds wounds, BadPlaces bad, Cancellation cancellation) {
    this.vault = vault;
    this.findings = findings;
    this.wounds = wounds;
    this.bad = bad;
    this.cancellation = cancellation;
  }

  void run(LogState state, IndexCheck index, Map<PackStatus, Long> known) throws IOException {
    List<PackStatus> doubtful = new ArrayList<>();
    known.forEach(
        (pack, chunks) -> {
          if (index.claims(pack.name()) > chunks) {
            doubtful.add(pack);
          }
        });
    for (int i = 0; i < doubtful.size(); i += PACKS_AT_ONCE) {
      compare(state, doubtful.subList(i, Math.min(doubtful.size(), i + PACKS_AT_ONCE)));
    }
  }

  private void compare(LogState state, List<PackStatus> packs) throws IOException {
    Map<PackName, Set<BadPlaces.Claim>> held = new HashMap<>();
    for (PackStatus pack : packs) {
      cancellation.check();
      held.put(pack.name(), held(pack));
    }
    Map<PackName, Long> lies = new HashMap<>();
    for (RunStatus run : state.liveRuns()) {
      try {
        compare(run, held, lies);
      } catch (FormatException | NoSuchFileException e) {
        // The run has been found damaged; what follows in it counts as not said.
        findings.add(run.name().key(), "The run cannot be read to its end: " + e.getMessage());
      }
    }
    lies.forEach(
        (pack, count) ->
            findings.add(
                pack.key(),
                "The index says of "
                    + count
                    + " chunks that it holds them, and it does not; repair can make the index"
                    + " again from packs"));
  }

  private void compare(
      RunStatus run, Map<PackName, Set<BadPlaces.Claim>> held, Map<PackName, Long> lies)
      throws IOException {
    ChunkIndex alone = new ChunkIndex(IndexMemory.DEFAULT);
    alone.replace(List.of(vault.runs().reread(run)));
    ChunkCursor chunks = alone.chunks();
    while (chunks.next()) {
      cancellation.check();
      ChunkLocation place = chunks.location();
      Set<BadPlaces.Claim> truth = held.get(place.pack());
      BadPlaces.Claim claim = new BadPlaces.Claim(chunks.id(), place);
      if (truth != null && !truth.contains(claim)) {
        bad.add(claim);
        wounds.run(run.name(), "It says of packs what they do not");
        lies.merge(place.pack(), 1L, Long::sum);
      }
    }
  }

  private Set<BadPlaces.Claim> held(PackStatus pack) throws IOException {
    Set<BadPlaces.Claim> held = new HashSet<>();
    try (PackInspector inspector =
        new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys())) {
      for (FooterBlock block : inspector.footer(pack.name(), pack.kind(), pack.storedBytes())) {
        block.forEach(pack.name(), (kind, id, place) -> held.add(new BadPlaces.Claim(id, place)));
      }
    }
    return held;
  }
}
