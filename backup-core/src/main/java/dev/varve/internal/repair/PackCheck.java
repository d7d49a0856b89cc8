package dev.varve.internal.repair;

import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.index.ChunkIndex;
import dev.varve.internal.index.PackEntry;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.task.Threads;
import dev.varve.internal.vault.Inspectors;
import dev.varve.internal.vault.Vault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Compares packs with the index and, if asked, opens every block. Used by one thread. */
final class PackCheck {

  private final Vault vault;
  private final ChunkIndex sound;
  private final Findings findings;
  private final Wounds wounds;
  private final BadPlaces bad;
  private final Reporter reporter;
  private final Cancellation cancellation;
  private final LongAdder items;
  private final LongAdder bytes;
  private final Inspectors inspectors;
  private final Map<PackStatus, Long> known = new ConcurrentHashMap<>();

  PackCheck(
      Vault vault,
      ChunkIndex sound,
      Findings findings,
      Wounds wounds,
      BadPlaces bad,
      Reporter reporter,
      Cancellation cancellation,
      LongAdder items,
      LongAdder bytes) {
    this.vault = vault;
    this.inspectors = new Inspectors(vault);
    this.sound = sound;
    this.findings = findings;
    this.wounds = wounds;
    this.bad = bad;
    this.reporter = reporter;
    this.cancellation = cancellation;
    this.items = items;
    this.bytes = bytes;
  }

  void run(List<PackStatus> packs, Predicate<PackStatus> read) throws IOException {
    ArrayDeque<Future<Optional<Object>>> running = new ArrayDeque<>();
    try {
      for (PackStatus pack : packs) {
        cancellation.check();
        while (running.size() > vault.threads().parallelism()) {
          Threads.joinIo(running.remove());
        }
        boolean data = read.test(pack);
        running.add(
            vault
                .threads()
                .submit(
                    Lane.READ,
                    () -> {
                      inspect(pack, data);
                      return Optional.empty();
                    }));
      }
      while (!running.isEmpty()) {
        Threads.joinIo(running.remove());
      }
    } finally {
      running.forEach(Threads::settle);
      inspectors.close();
    }
  }

  /** Of how many chunks that a pack holds the index knows; packs that cannot be read are absent. */
  Map<PackStatus, Long> known() {
    return known;
  }

  private void inspect(PackStatus pack, boolean data) throws IOException {
    cancellation.check();
    PackInspector inspector = inspectors.take();
    PackName name = pack.name();
    try {
      List<FooterBlock> footer = footer(inspector, pack);
      items.increment();
      compare(pack, footer);
      if (data) {
        verify(inspector, pack, footer);
      }
    } catch (FormatException | EOFException e) {
      wounds.wounded(pack, String.valueOf(e.getMessage()));
      tell(
          pack,
          "The pack does not say what it holds: "
              + e.getMessage()
              + "; repair can store anew what the index knows of it");
    } catch (NoSuchFileException e) {
      wounds.missing(pack);
      bad.add(name);
      tell(pack, "The pack is listed, but cannot be read");
    } finally {
      inspectors.give(inspector);
    }
    reporter.done(1, pack.storedBytes(), Optional.empty());
  }

  private void tell(PackStatus pack, String what) {
    if (!Survey.isRecorded(vault.state(), pack)) {
      findings.add(pack.name().key(), what);
    }
  }

  /** What cannot be read is read a second time: a bad transfer is not damage. */
  private static List<FooterBlock> footer(PackInspector inspector, PackStatus pack)
      throws IOException {
    try {
      return inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
    } catch (FormatException | EOFException | NoSuchFileException first) {
      return inspector.footer(pack.name(), pack.kind(), pack.storedBytes());
    }
  }

  private void compare(PackStatus pack, List<FooterBlock> footer) throws IOException {
    AtomicLong unknown = new AtomicLong();
    AtomicLong unsound = new AtomicLong();
    for (FooterBlock block : footer) {
      IOException[] failure = new IOException[1];
      block.forEach(
          pack.name(),
          (kind, id, place) -> {
            try {
              if (!sound.contains(id, place::equals)) {
                unsound.incrementAndGet();
                if (!vault.index().contains(id, place::equals)) {
                  unknown.incrementAndGet();
                }
              }
            } catch (IOException e) {
              failure[0] = e;
            }
          });
      if (failure[0] != null) {
        throw failure[0];
      }
    }
    long chunks = footer.stream().mapToLong(block -> block.ids().length).sum();
    known.put(pack, chunks - unknown.get());
    if (unsound.get() > 0) {
      wounds.unindexed(pack.name(), unsound.get());
    }
    if (unknown.get() > 0) {
      findings.add(
          pack.name().key(),
          "The index does not know " + unknown.get() + " of its chunks; repair can add them");
    }
  }

  private void verify(PackInspector inspector, PackStatus pack, List<FooterBlock> footer)
      throws IOException {
    PackName name = pack.name();
    List<FooterBlock> doubtful = new ArrayList<>();
    byte[] sha256 =
        inspector.verify(
            name, pack.kind(), pack.storedBytes(), footer, (block, reason) -> doubtful.add(block));
    for (FooterBlock block : doubtful) {
      try {
        inspector.verifyAgain(name, pack.kind(), pack.storedBytes(), block);
      } catch (FormatException | EOFException e) {
        bad.add(name, block.ordinal());
        wounds.block(name, block.ordinal());
        if (!vault.state().isDamaged(name, block.ordinal())) {
          findings.add(name.key(), "Block " + block.ordinal() + " is damaged: " + e.getMessage());
        }
      }
    }
    wounds.verified(name);
    bytes.add(pack.storedBytes());
    Optional<PackEntry> entry = sound.pack(name);
    if (doubtful.isEmpty()
        && entry.isPresent()
        && entry.get().knowsSha256()
        && !Arrays.equals(entry.get().sha256(), sha256)) {
      findings.add(name.key(), "Its stored bytes are not those that were written");
    }
  }
}
