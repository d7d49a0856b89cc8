package dev.varve.internal.log;

import static java.util.Objects.requireNonNull;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an appender finds out in a {@link World}, or believes, where the protocol is flawed. */
record FoundEvidence(World world, LogState state, LogRecord record) implements Evidence {

  @Override
  public Stream<ChunkId> reached(SnapshotRecord snapshot) {
    return requireNonNull(world.contents.get(snapshot.id())).stream();
  }

  @Override
  public Stream<Copy> claimed(ChunkId chunk) {
    if (record instanceof Condemn && world.scenario.has(Flaw.KEEPER_UNFINDABLE)) {
      return opened(chunk);
    }
    Stream<NewRun> added = record instanceof Snapshots made ? made.runs().stream() : Stream.empty();
    Stream<PackName> own =
        added
            .flatMap(run -> requireNonNull(world.runs.get(run.name())).stream())
            .filter(claim -> claim.chunk().equals(chunk))
            .map(World.Claim::pack);
    return Stream.concat(own, world.claimed(state, chunk)).map(pack -> new Copy(pack, 0));
  }

  @Override
  public boolean isListed(PackName pack) {
    return true;
  }

  @Override
  public Stream<ChunkId> liveIn(PackName pack) {
    if (world.scenario.has(Flaw.DAMAGE_BELIEVED) && state.isDamaged(pack, 0)) {
      return Stream.empty();
    }
    Set<ChunkId> held = new HashSet<>();
    if (!world.scenario.has(Flaw.FOOTER_UNREAD)) {
      held.addAll(world.stored.getOrDefault(pack, Set.of()));
    }
    for (RunName run : world.runs.keySet()) {
      if (state.run(run).isLive()) {
        world.runs.get(run).stream()
            .filter(claim -> claim.pack().equals(pack))
            .forEach(claim -> held.add(claim.chunk()));
      }
    }
    held.retainAll(world.live(state));
    return held.stream();
  }

  @Override
  public Stream<Copy> opened(ChunkId chunk) {
    Stream<PackName> packs =
        world.scenario.has(Flaw.KEEPER_UNOPENED)
            ? world.claimed(state, chunk)
            : List.copyOf(world.stored.keySet()).stream().filter(pack -> world.holds(pack, chunk));
    return packs.map(pack -> new Copy(pack, 0));
  }

  @Override
  public Stream<PackName> leftOut(Index merge) {
    Set<World.Claim> left = new HashSet<>();
    merge.replaced().forEach(run -> left.addAll(world.runs.get(run)));
    merge.runs().forEach(run -> left.removeAll(world.runs.get(run.name())));
    if (world.scenario.has(Flaw.RETIRED_ENTRIES_DROPPED)) {
      left.removeIf(claim -> state.pack(claim.pack()).isRetired());
    }
    return left.stream().map(World.Claim::pack);
  }
}
