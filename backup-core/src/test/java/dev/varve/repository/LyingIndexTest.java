package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.CheckOptions;
import dev.varve.CheckReport;
import dev.varve.Snapshot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.index.ChunkCursor;
import dev.varve.internal.index.ChunkLocation;
import dev.varve.internal.index.RunSeal;
import dev.varve.internal.index.RunWriter;
import dev.varve.internal.index.SealedRun;
import dev.varve.internal.log.CallId;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.log.Partial;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.VaultDoor;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run with the right seals that claims chunks where they are not. */
class LyingIndexTest {

  private final MemoryStore store = new MemoryStore();
  private final MemorySource first = new MemorySource().file("a", 100_000, 1);
  private final MemorySource second = new MemorySource().file("b", 100_000, 2).file("a", "x");

  @Test
  void check_claimsThatNoPackConfirms_areFoundAndDoNotCountAsCopies() throws IOException {
    Snapshot lost;
    Snapshot kept;
    try (Repository repository = Repositories.create(store.handle())) {
      lost = Repositories.backup(repository, first);
      kept = Repositories.backup(repository, second);
    }
    PackName gone = lie();
    for (CheckOptions.Level level : List.of(CheckOptions.Level.INDEX, CheckOptions.Level.DATA)) {
      MemoryStore place = store.fork();
      assertFinds(place, level, Map.of());
      place.remove(gone.key());
      assertFinds(place, level, Map.of(lost.id().hex(), "a"));
      try (Repository repository = Repositories.open(place)) {
        Repositories.assertRestores(repository, kept, second);
      }
    }
  }

  private void assertFinds(
      MemoryStore place, CheckOptions.Level level, Map<String, String> affected) {
    try (Repository repository = Repositories.open(place.handle())) {
      CheckReport report = repository.check(CheckOptions.builder().level(level).build());
      assertFalse(report.clean());
      assertTrue(
          report.findings().stream().anyMatch(f -> f.message().contains("and it does not")),
          report.findings().toString());
      Map<String, String> named = new HashMap<>();
      report.findings().stream()
          .flatMap(finding -> finding.affected().stream())
          .forEach(each -> named.put(each.snapshot().hex(), each.path().toString()));
      assertEquals(affected, named);
    }
  }

  /** Says of all that the first data pack holds that it lies in the second; the first's name. */
  private PackName lie() throws IOException {
    try (Vault vault =
        new VaultDoor(store.handle(), Repositories.options().build().forVault())
            .open(Repositories.KEY)
            .vault()) {
      Map<ChunkId, ChunkLocation> chunks = new HashMap<>();
      ChunkCursor cursor = vault.index().chunks();
      while (cursor.next()) {
        if (vault.state().pack(cursor.location().pack()).kind() == PackKind.DATA) {
          chunks.put(cursor.id(), cursor.location());
        }
      }
      List<PackName> packs = chunks.values().stream().map(ChunkLocation::pack).distinct().toList();
      assertEquals(2, packs.size());
      PackName gone = packOf(vault, chunks.values(), 100_000);
      PackName other = packs.get(0).equals(gone) ? packs.get(1) : packs.get(0);
      RunWriter writer = new RunWriter();
      writer.pack(vault.index().pack(other).orElseThrow());
      ChunkLocation any =
          chunks.values().stream().filter(c -> c.pack().equals(other)).findFirst().orElseThrow();
      chunks.forEach(
          (id, place) -> {
            if (place.pack().equals(gone)) {
              writer.chunk(
                  id,
                  new ChunkLocation(
                      other,
                      any.block(),
                      any.blockOffset(),
                      any.blockBytes(),
                      0,
                      place.chunkBytes()));
            }
          });
      RunName name = RunName.random();
      try (SealedRun run = writer.seal(name, new RunSeal(vault.id(), vault.keys()))) {
        vault.store().create(name.key(), run.body());
        NewRun registered = new NewRun(name, run.body().length());
        vault
            .log()
            .append(
                Draft.of(
                    new Partial(
                        vault.state().slot(),
                        CallId.random(),
                        List.of(first.identity()),
                        List.of(),
                        List.of(registered))));
      }
      return gone;
    }
  }

  /** The pack with exactly so much content. */
  private static PackName packOf(Vault vault, Iterable<ChunkLocation> places, long contentBytes) {
    Map<PackName, Long> sums = new HashMap<>();
    places.forEach(place -> sums.merge(place.pack(), (long) place.chunkBytes(), Long::sum));
    return sums.entrySet().stream()
        .filter(entry -> entry.getValue() == contentBytes)
        .findFirst()
        .orElseThrow(() -> new AssertionError(sums + " in " + vault.id()))
        .getKey();
  }
}
