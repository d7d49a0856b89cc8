package dev.varve.internal.log;

import dev.varve.SnapshotId;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a record is valid in full at its base: a pure function of the state there and of what its
 * appender found out. Used by one thread.
 */
public final class Validity {

  static final int MOST_PROBLEMS = 20;

  private final LogState base;
  private final Evidence evidence;
  private final List<String> problems = new ArrayList<>();

  private Validity(LogState base, Evidence evidence) {
    this.base = base;
    this.evidence = evidence;
  }

  /**
   * What is wrong with a record, at most {@value #MOST_PROBLEMS} problems.
   *
   * @param base the state at {@code record.base()}
   * @return empty if it is valid
   */
  public static List<String> problems(LogState base, LogRecord record, Evidence evidence) {
    if (record.base() != Math.max(0, base.slot())) {
      throw new IllegalArgumentException(
          "A record computed at slot " + record.base() + " is judged at slot " + base.slot());
    }
    Validity validity = new Validity(base, evidence);
    validity.judge(record);
    return validity.problems;
  }

  private void judge(LogRecord record) {
    if (record instanceof Settings) {
      require(base.slot() < 0, "settings stand in slot 0 only");
    } else if (record instanceof Snapshots made) {
      judge(made);
    } else if (record instanceof Partial made) {
      judgeNew(made.packs(), made.runs());
    } else if (record instanceof Forget made) {
      judge(made);
    } else if (record instanceof Undelete made) {
      require(!isLive(made.snapshot().id()), "the snapshot is not forgotten");
      require(made.committedAt() <= base.slot(), "the snapshot was never committed");
      judgeDrawn(made.drawn());
      judgeReached(made.snapshot(), Set.copyOf(made.drawn()));
    } else if (record instanceof Attributes made) {
      requireLive(made.snapshots());
    } else if (record instanceof Index made) {
      judge(made);
    } else if (record instanceof Retire made) {
      judge(made);
    } else if (record instanceof Condemn made) {
      judge(made);
    } else if (record instanceof VoidSlots made) {
      for (VoidedSlot given : made.slots()) {
        boolean can = given.slot() >= 1 && given.slot() <= base.slot();
        require(can, "slot " + given.slot() + " cannot be given up");
      }
    } else if (record instanceof UnknownRecord made) {
      problem(made.reason() + " is not known here");
    }
  }

  private void judge(Snapshots made) {
    judgeNew(made.packs(), made.runs());
    judgeDrawn(made.drawn());
    Set<PackName> named = new HashSet<>(made.drawn());
    made.packs().forEach(pack -> named.add(pack.name()));
    for (SnapshotRecord snapshot : made.snapshots()) {
      require(!isLive(snapshot.id()), "there is a snapshot " + snapshot.id() + " already");
      judgeReached(snapshot, named);
    }
  }

  private void judge(Forget made) {
    requireLive(made.dropped());
    requireLive(made.kept());
    for (SnapshotId id : made.dropped()) {
      Optional<LiveSnapshot> snapshot = base.findSnapshot(id);
      require(snapshot.filter(LiveSnapshot::isPinned).isEmpty(), "snapshot " + id + " is pinned");
      require(!made.kept().contains(id), "snapshot " + id + " is both dropped and kept");
    }
  }

  private void judge(Index made) {
    judgeNew(made.packs(), made.runs());
    for (RunName run : made.replaced()) {
      require(base.run(run).isLive(), run + " is not live");
    }
    if (!made.replaced().isEmpty()) {
      check(
          evidence.leftOut(made),
          pack -> base.pack(pack).isCondemned(),
          pack -> "entries about " + pack + " are left out, which is not condemned");
    }
  }

  private void judge(Retire made) {
    Set<PackName> retired = Set.copyOf(made.retired());
    for (PackName pack : made.resumed()) {
      PackStatus status = base.pack(pack);
      require(
          status.isRegistered() && !status.isCondemned() && !retired.contains(pack),
          pack + " cannot be resumed");
    }
  }

  private void judge(Condemn made) {
    Set<PackName> condemned =
        made.packs().stream().map(RetiredPack::name).collect(Collectors.toSet());
    Set<PackName> keepers = Set.copyOf(made.keepers());
    for (RunName run : made.runs()) {
      require(!base.run(run).isLive(), run + " is live");
    }
    for (PackName keeper : keepers) {
      PackStatus status = base.pack(keeper);
      require(isDrawable(status) && !condemned.contains(keeper), keeper + " cannot keep anything");
    }
    for (RetiredPack pack : made.packs()) {
      PackStatus status = base.pack(pack.name());
      require(
          status.isRetired() && status.retiredAt() == pack.retiredAt(),
          pack.name() + " was not retired in slot " + pack.retiredAt());
      if (evidence.isListed(pack.name())) {
        check(
            evidence.liveIn(pack.name()),
            chunk -> isKept(chunk, keepers),
            chunk -> pack.name() + " holds chunk " + chunk + ", found and opened nowhere else");
      } else {
        problem("nobody knows what " + pack.name() + " holds");
      }
    }
  }

  /** Opened is not enough: a copy that no live run speaks of is there and nobody finds it. */
  private boolean isKept(ChunkId chunk, Set<PackName> keepers) {
    return evidence
        .opened(chunk)
        .filter(copy -> keepers.contains(copy.pack()))
        .filter(copy -> !base.isDamaged(copy.pack(), copy.block()))
        .anyMatch(copy -> evidence.claimed(chunk).anyMatch(copy::equals));
  }

  private void judgeNew(List<NewPack> packs, List<NewRun> runs) {
    for (NewPack pack : packs) {
      PackStatus status = base.pack(pack.name());
      require(!status.isCondemned(), pack.name() + " is condemned");
      require(!base.isSuspended(status), pack.name() + " is older than a void");
    }
    for (NewRun run : runs) {
      require(!base.run(run.name()).isCondemned(), run.name() + " is condemned");
    }
  }

  private void judgeDrawn(List<PackName> drawn) {
    for (PackName pack : drawn) {
      require(isDrawable(base.pack(pack)), pack + " cannot be drawn on");
    }
  }

  private boolean isDrawable(PackStatus pack) {
    return pack.isRegistered() && !pack.isCondemned() && !base.isSuspended(pack);
  }

  private void judgeReached(SnapshotRecord snapshot, Set<PackName> named) {
    check(
        evidence.reached(snapshot),
        chunk -> evidence.claimed(chunk).anyMatch(copy -> isGood(copy, named)),
        chunk -> "chunk " + chunk + " has no copy that a new snapshot may rely on");
  }

  private boolean isGood(Copy copy, Set<PackName> named) {
    PackStatus pack = base.pack(copy.pack());
    return (pack.isActive() || (named.contains(copy.pack()) && !pack.isCondemned()))
        && !base.isDamaged(copy.pack(), copy.block());
  }

  private boolean isLive(SnapshotId id) {
    return base.findSnapshot(id).isPresent();
  }

  private void requireLive(List<SnapshotId> ids) {
    for (SnapshotId id : ids) {
      require(isLive(id), "there is no snapshot " + id);
    }
  }

  private <T> void check(Stream<T> things, Predicate<T> good, Message<T> message) {
    things
        .filter(good.negate())
        .limit(MOST_PROBLEMS)
        .forEach(thing -> problem(message.about(thing)));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      problem(otherwise);
    }
  }

  private void problem(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }

  /** What to say about a thing. */
  private interface Message<T> {
    String about(T thing);
  }
}
