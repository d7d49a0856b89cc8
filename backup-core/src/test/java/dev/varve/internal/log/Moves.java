package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.Scenario.Move;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that can happen next in a {@link World}: what actors may begin, what lands, what befalls. */
final class Moves {

  /** Something that happens, and the world after it. */
  record Step(Supplier<String> what, World after) {}

  private static final CallId CALL = new CallId(0, 0);

  private final World world;
  private final LogState view;
  private final List<Step> steps = new ArrayList<>();

  private Moves(World world) {
    this.world = world;
    this.view = world.view();
  }

  static List<Step> of(World world) {
    Moves moves = new Moves(world);
    moves.landings();
    moves.accidents();
    if (world.pending.size() < world.scenario.mostPending()) {
      for (Move move : Move.values()) {
        if (world.may(move)) {
          moves.begin(move);
        }
      }
    }
    return moves.steps;
  }

  private void landings() {
    for (World.Pending landing : world.pending) {
      if (landing.stuck()) {
        continue;
      }
      World after = world.copy();
      after.append(landing, false);
      steps.add(new Step(() -> "lands: " + brief(landing.record()), after));
      if (world.may(Move.LOSE)
          && world.lossy.isEmpty()
          && !(landing.record() instanceof VoidSlots)) {
        World lost = world.copy();
        lost.spend(Move.LOSE);
        lost.append(landing, true);
        steps.add(new Step(() -> "lands and is lost: " + brief(landing.record()), lost));
      }
    }
  }

  private void accidents() {
    if (world.may(Move.DELETE) && !world.waited) {
      for (PackName pack : world.doomed) {
        if (world.stored.containsKey(pack)) {
          World after = world.copy();
          after.stored.remove(pack);
          steps.add(new Step(() -> "deleted late: " + pack.low(), after));
        }
      }
    }
    if (world.may(Move.WAIT) && world.ever && world.lossy.isEmpty() && !world.waited) {
      World after = world.copy();
      after.waited = true;
      steps.add(new Step(() -> "the reader delay passes", after));
    }
  }

  private void begin(Move move) {
    switch (move) {
      case BACKUP -> world.scenario.contents().forEach(this::backup);
      case PARTIAL -> world.scenario.contents().forEach(this::partial);
      case FORGET -> forget();
      case KEEP_LAST -> keepLast();
      case UNDELETE -> undelete();
      case PIN -> pin();
      case RETIRE -> retire();
      case RESUME -> resume();
      case CONDEMN -> condemn();
      case CONDEMN_RUN -> condemnRun();
      case MERGE -> merge();
      case REPACK -> repack();
      case DAMAGE -> damage();
      case VOID -> voidLost();
      default -> {}
    }
  }

  /** Where a chunk may come from: no pack is an active one, a pack is drawn on, or it is new. */
  private record Origin(ChunkId chunk, Optional<PackName> drawn, boolean stored) {}

  private List<List<Origin>> origins(Set<ChunkId> chunks, boolean canStore) {
    List<List<Origin>> choices = List.of(List.of());
    for (ChunkId chunk : chunks) {
      List<Origin> origins = new ArrayList<>();
      List<PackName> copies = world.claimed(view, chunk).toList();
      if (copies.stream().anyMatch(pack -> view.isUsable(pack, 0))) {
        origins.add(new Origin(chunk, Optional.empty(), false));
      } else {
        for (PackName pack : copies) {
          PackStatus status = view.pack(pack);
          if (status.isRetired() && !status.isCondemned() && !view.isDamaged(pack, 0)) {
            origins.add(new Origin(chunk, Optional.of(pack), false));
          }
        }
        if (canStore) {
          origins.add(new Origin(chunk, Optional.empty(), true));
        }
      }
      List<List<Origin>> longer = new ArrayList<>();
      for (List<Origin> choice : choices) {
        for (Origin origin : origins) {
          longer.add(Stream.concat(choice.stream(), Stream.of(origin)).toList());
        }
      }
      choices = longer;
    }
    return choices;
  }

  private void backup(List<Integer> content) {
    Set<ChunkId> chunks = World.chunks(content);
    for (List<Origin> origins : origins(chunks, true)) {
      World after = world.copy();
      long number = after.fresh(Move.BACKUP);
      SnapshotRecord snapshot = after.snapshot(number, chunks);
      Set<ChunkId> fresh =
          origins.stream()
              .filter(Origin::stored)
              .map(Origin::chunk)
              .collect(Collectors.toCollection(TreeSet::new));
      List<NewPack> packs = new ArrayList<>();
      List<NewRun> runs = new ArrayList<>();
      if (!fresh.isEmpty()) {
        NewPack pack = after.storePack(number, fresh);
        packs.add(pack);
        runs.add(after.storeRun(number, World.claims(pack, fresh)));
      }
      Snapshots record =
          new Snapshots(view.slot(), CALL, List.of(snapshot), drawn(origins), packs, runs);
      propose(after.copy(), Move.BACKUP, record, unnamed(record), promise(after, record, chunks));
      for (int ago = 1; ago <= world.log.size(); ago++) {
        Snapshots early = begunEarlier(record, ago);
        if (Conflicts.of(world.log, early).isEmpty()) {
          propose(after.copy(), Move.BACKUP, record, early, promise(after, record, chunks));
        }
      }
    }
  }

  /** The same from a backup that began some slots ago, and looked for its chunks now. */
  private Snapshots begunEarlier(Snapshots record, int slotsAgo) {
    return new Snapshots(
        record.base() - slotsAgo,
        record.call(),
        record.snapshots(),
        record.drawn(),
        record.packs(),
        record.runs());
  }

  private LogRecord unnamed(LogRecord record) {
    if (!world.scenario.has(Flaw.DRAWN_UNNAMED)) {
      return record;
    }
    if (record instanceof Snapshots made) {
      return new Snapshots(
          made.base(), made.call(), made.snapshots(), List.of(), made.packs(), made.runs());
    }
    Undelete made = (Undelete) record;
    return new Undelete(made.base(), made.snapshot(), made.committedAt(), made.time(), List.of());
  }

  private static List<PackName> drawn(List<Origin> origins) {
    return origins.stream().flatMap(origin -> origin.drawn().stream()).distinct().toList();
  }

  /** The chunks of which a pack that the record relies on has a copy in truth. */
  private Set<ChunkId> promise(World after, LogRecord record, Set<ChunkId> chunks) {
    Claims claims = record.claims();
    return chunks.stream()
        .filter(
            chunk ->
                after.stored.keySet().stream()
                    .filter(pack -> after.holds(pack, chunk))
                    .filter(pack -> claims.usesPacks().contains(pack) || view.pack(pack).isActive())
                    .anyMatch(
                        pack ->
                            claims.usesPacks().contains(pack)
                                || world.claimed(view, chunk).anyMatch(pack::equals)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void partial(List<Integer> content) {
    World after = world.copy();
    long number = after.fresh(Move.PARTIAL);
    Set<ChunkId> chunks = World.chunks(content);
    NewPack pack = after.storePack(number, chunks);
    NewRun run = after.storeRun(number, World.claims(pack, chunks));
    propose(
        after,
        Move.PARTIAL,
        new Partial(view.slot(), CALL, List.of(), List.of(pack), List.of(run)));
  }

  private void forget() {
    List<SnapshotId> live = view.snapshots().stream().map(LiveSnapshot::id).toList();
    for (SnapshotId id : live) {
      List<SnapshotId> others = live.stream().filter(other -> !other.equals(id)).toList();
      propose(Move.FORGET, new Forget(view.slot(), List.of(id), others));
    }
  }

  private void keepLast() {
    List<SnapshotId> live = view.snapshots().stream().map(LiveSnapshot::id).toList();
    for (SnapshotId id : live) {
      List<SnapshotId> others = live.stream().filter(other -> !other.equals(id)).toList();
      propose(Move.KEEP_LAST, new Forget(view.slot(), others, List.of(id)));
    }
  }

  private void undelete() {
    for (SnapshotId id : world.contents.keySet()) {
      boolean begun =
          world.pending.stream()
              .anyMatch(
                  draft ->
                      draft.record() instanceof Snapshots made
                          && made.snapshots().get(0).id().equals(id));
      if (view.findSnapshot(id).isEmpty() && !begun) {
        Set<ChunkId> chunks = world.contents.get(id);
        for (List<Origin> origins : origins(chunks, false)) {
          Undelete record =
              new Undelete(view.slot(), World.record(id), 1, Optional.empty(), drawn(origins));
          World after = world.copy();
          propose(after, Move.UNDELETE, record, unnamed(record), promise(after, record, chunks));
        }
      }
    }
  }

  private void pin() {
    for (LiveSnapshot snapshot : view.snapshots()) {
      propose(
          Move.PIN,
          new Attributes(
              view.slot(), List.of(snapshot.id()), Attributes.Pin.SET, new TreeMap<>(), List.of()));
    }
  }

  private void retire() {
    for (PackName pack : world.stored.keySet()) {
      PackStatus status = view.pack(pack);
      if (!status.isRetired() && !status.isCondemned()) {
        propose(Move.RETIRE, new Retire(view.slot(), List.of(pack), List.of()));
      }
    }
  }

  private void resume() {
    boolean early = world.scenario.has(Flaw.RESUMED_WITHOUT_WAITING);
    for (PackName pack : world.stored.keySet()) {
      PackStatus status = view.pack(pack);
      if (status.isRetired() && (!view.isSuspended(status) || world.waited || early)) {
        propose(Move.RESUME, new Retire(view.slot(), List.of(), List.of(pack)));
      }
    }
  }

  private void condemn() {
    List<RetiredPack> retired = new ArrayList<>();
    boolean hasty = world.scenario.has(Flaw.CONDEMNED_UNRETIRED);
    view.forEachPack(
        pack -> {
          if ((pack.isRetired() || hasty) && !pack.isCondemned()) {
            retired.add(new RetiredPack(pack.name(), pack.retiredAt()));
          }
        });
    retired.forEach(pack -> condemn(List.of(pack)));
    if (retired.size() > 1) {
      condemn(retired);
    }
  }

  private void condemn(List<RetiredPack> packs) {
    Condemn bare = new Condemn(view.slot(), packs, List.of(), List.of());
    Set<PackName> killed = packs.stream().map(RetiredPack::name).collect(Collectors.toSet());
    Evidence evidence = world.evidence(view, bare);
    Set<Set<PackName>> choices = new LinkedHashSet<>();
    choices.add(Set.of());
    for (RetiredPack pack : packs) {
      for (ChunkId chunk : evidence.liveIn(pack.name()).toList()) {
        Set<Set<PackName>> longer = new LinkedHashSet<>();
        evidence
            .opened(chunk)
            .map(Copy::pack)
            .filter(keeper -> !killed.contains(keeper))
            .forEach(
                keeper ->
                    choices.forEach(
                        choice -> {
                          Set<PackName> more = new TreeSet<>(choice);
                          more.add(keeper);
                          longer.add(more);
                        }));
        choices.clear();
        choices.addAll(longer);
      }
    }
    for (Set<PackName> keepers : choices) {
      propose(Move.CONDEMN, new Condemn(view.slot(), packs, List.of(), List.copyOf(keepers)));
    }
  }

  private void condemnRun() {
    for (RunName run : world.runs.keySet()) {
      RunStatus status = view.run(run);
      if (!status.isLive() && !status.isCondemned()) {
        propose(Move.CONDEMN_RUN, new Condemn(view.slot(), List.of(), List.of(run), List.of()));
      }
    }
  }

  private void merge() {
    List<RunName> live = view.liveRuns().stream().map(RunStatus::name).toList();
    List<List<RunName>> choices = new ArrayList<>();
    choices.add(live);
    if (live.size() > 2) {
      for (RunName left : live) {
        choices.add(live.stream().filter(run -> !run.equals(left)).toList());
      }
    }
    for (List<RunName> replaced : choices) {
      World after = world.copy();
      Set<World.Claim> claims = new LinkedHashSet<>();
      replaced.forEach(run -> claims.addAll(world.runs.get(run)));
      claims.removeIf(claim -> view.pack(claim.pack()).isCondemned());
      if (world.scenario.has(Flaw.RETIRED_ENTRIES_DROPPED)) {
        claims.removeIf(claim -> view.pack(claim.pack()).isRetired());
      }
      NewRun run = after.storeRun(after.fresh(Move.MERGE), claims);
      propose(after, Move.MERGE, new Index(view.slot(), replaced, List.of(run), List.of()));
    }
  }

  private void repack() {
    Set<ChunkId> live = world.live(view);
    for (PackName from : world.stored.keySet()) {
      Set<ChunkId> chunks = new TreeSet<>(world.stored.get(from));
      chunks.retainAll(live);
      PackStatus status = view.pack(from);
      if (status.isRegistered() && !status.isCondemned() && !chunks.isEmpty()) {
        World after = world.copy();
        long number = after.fresh(Move.REPACK);
        NewPack pack = after.storePack(number, chunks);
        NewRun run = after.storeRun(number, World.claims(pack, chunks));
        propose(after, Move.REPACK, new Index(view.slot(), List.of(), List.of(run), List.of(pack)));
      }
    }
  }

  /** Claims about intact packs: whatever is really damaged, its setup says so. */
  private void damage() {
    for (PackName pack : world.stored.keySet()) {
      PackStatus status = view.pack(pack);
      if (status.isRegistered() && !status.isCondemned()) {
        List<PackBlocks> blocks = List.of(PackBlocks.all(pack));
        Damage claim =
            view.isDamaged(pack, 0)
                ? new Damage(view.slot(), List.of(), blocks)
                : new Damage(view.slot(), blocks, List.of());
        propose(Move.DAMAGE, claim);
      }
    }
  }

  private void voidLost() {
    if (world.lossy.isPresent()) {
      List<VoidedSlot> lost = List.of(new VoidedSlot(world.lostSlot, SlotHash.NONE));
      World after = world.copy();
      after.spend(Move.VOID);
      after.pending.add(new World.Pending(new VoidSlots(world.lossy.get().slot(), lost), Set.of()));
      steps.add(new Step(() -> "begins: void", after));
    }
  }

  private void propose(Move move, LogRecord record) {
    propose(world.copy(), move, record);
  }

  private void propose(World after, Move move, LogRecord record) {
    propose(after, move, record, record, Set.of());
  }

  /** Begins an append if it is valid in full; {@code sent} is what is sent in place of it. */
  private void propose(
      World after, Move move, LogRecord record, LogRecord sent, Set<ChunkId> promise) {
    List<String> problems =
        new ArrayList<>(Validity.problems(view, record, after.evidence(view, record)));
    if (world.scenario.has(Flaw.CONDEMNED_UNRETIRED)) {
      problems.removeIf(problem -> problem.contains("was not retired"));
    }
    if (problems.isEmpty()) {
      after.spend(move);
      after.pending.add(new World.Pending(sent, promise));
      steps.add(new Step(() -> "begins: " + brief(sent), after));
    }
  }

  static String brief(LogRecord record) {
    Set<String> parts = new HashSet<>();
    if (record instanceof Snapshots made) {
      made.drawn().forEach(pack -> parts.add("drawn " + pack.low()));
      made.packs().forEach(pack -> parts.add("new " + pack.name().low()));
    } else if (record instanceof Undelete made) {
      made.drawn().forEach(pack -> parts.add("drawn " + pack.low()));
    } else if (record instanceof Forget made) {
      made.dropped().forEach(id -> parts.add("drop " + id.hex().substring(28)));
    } else if (record instanceof Retire made) {
      made.retired().forEach(pack -> parts.add("retired " + pack.low()));
      made.resumed().forEach(pack -> parts.add("resumed " + pack.low()));
    } else if (record instanceof Condemn made) {
      made.packs().forEach(pack -> parts.add("condemned " + pack.name().low()));
      made.runs().forEach(run -> parts.add("condemned run " + run.low()));
      made.keepers().forEach(pack -> parts.add("keeper " + pack.low()));
    } else if (record instanceof Index made) {
      made.replaced().forEach(run -> parts.add("replaced run " + run.low()));
      made.packs().forEach(pack -> parts.add("new " + pack.name().low()));
    } else if (record instanceof Damage made) {
      made.found().forEach(blocks -> parts.add("found " + blocks.pack().low()));
      made.withdrawn().forEach(blocks -> parts.add("withdrawn " + blocks.pack().low()));
    }
    return record.kind() + "@" + record.base() + " " + new TreeSet<>(parts);
  }
}
