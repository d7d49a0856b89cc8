package dev.varve.internal.repair;

import dev.varve.StoreReport;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;

/**
 * Asks a store by small items whether it does what the log's protocol rests on. Used by one thread,
 * once. Does not touch a repository that is there, and deletes its items in the end. Tries nothing
 * again: what it sees is the store's own.
 */
public final class StoreProbe {

  private static final int RACERS = 16;
  private static final int ROUNDS = 10;
  private static final int LISTED = 12;
  private static final int ITEM_BYTES = 10_000;

  /** Beyond this, signed requests are refused by most servers. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  private interface Question {
    String answer() throws Exception;
  }

  /** What was seen is not what must be. */
  private static final class NotSoException extends Exception {
    private static final long serialVersionUID = 1;

    NotSoException(String message) {
      super(message);
    }
  }

  private final Store store;
  private final SecureRandom random = new SecureRandom();
  private final String prefix;
  private final List<StoreReport.Finding> findings = new ArrayList<>();
  private final List<String> made = new ArrayList<>();

  /** A probe of {@code store}. */
  public StoreProbe(Store store) {
    this.store = store;
    byte[] name = new byte[8];
    random.nextBytes(name);
    this.prefix = "probe/" + HexFormat.of().formatHex(name) + "/";
  }

  /** Asks everything, unless the store does not even take an item. */
  public StoreReport run() {
    if (!ask("an item is created and reads back the same", this::createAndRead)) {
      tidyUp();
      return new StoreReport(findings);
    }
    ask("ranges are exact, and nothing is read beyond the end", this::ranges);
    ask("an item that exists is not created again", this::createAgain);
    ask("one of " + RACERS + " racing creators wins, and its item stays", this::race);
    ask("what was created is read and listed at once", this::readAfterWrite);
    ask("a listing is whole and in order, also from the middle", this::listing);
    ask("deleting works, of many too, and is seen at once", this::deleting);
    ask("the store's clock is near this machine's", this::clock);
    return new StoreReport(findings);
  }

  private boolean ask(String question, Question asked) {
    try {
      findings.add(new StoreReport.Finding(question, true, asked.answer()));
      return true;
    } catch (Exception e) {
      String why = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
      String detail = e instanceof NoSuchFileException ? why + " is not there" : why;
      findings.add(new StoreReport.Finding(question, false, detail));
      return false;
    }
  }

  private String createAndRead() throws Exception {
    byte[] bytes = new byte[ITEM_BYTES];
    random.nextBytes(bytes);
    long begin = System.nanoTime();
    create("whole", bytes);
    long created = System.nanoTime();
    if (!Arrays.equals(bytes, read("whole", 0, ITEM_BYTES))) {
      throw new NotSoException("Other bytes came back than were stored; do not use this store");
    }
    return String.format(
        "%d bytes: created in %d ms, read in %d ms",
        ITEM_BYTES, (created - begin) / 1_000_000, (System.nanoTime() - created) / 1_000_000);
  }

  private String ranges() throws Exception {
    byte[] whole = read("whole", 0, ITEM_BYTES);
    for (int[] range : new int[][] {{0, 1}, {1, 4095}, {4096, 5000}, {ITEM_BYTES - 1, 1}}) {
      byte[] expected = Arrays.copyOfRange(whole, range[0], range[0] + range[1]);
      if (!Arrays.equals(expected, read("whole", range[0], range[1]))) {
        throw new NotSoException(range[1] + " bytes at " + range[0] + " are others than asked for");
      }
    }
    try {
      read("whole", ITEM_BYTES - 1, 2);
      throw new NotSoException("More was read than there is");
    } catch (EOFException asItShould) {
      return "4 ranges, and 1 beyond the end";
    }
  }

  private String createAgain() throws Exception {
    byte[] first = read("whole", 0, ITEM_BYTES);
    try {
      store.create(prefix + "whole", Body.of(new byte[1]));
    } catch (FileAlreadyExistsException asItShould) {
      if (Arrays.equals(first, read("whole", 0, ITEM_BYTES))) {
        return "refused, and the item is as it was";
      }
    }
    throw new NotSoException(
        "An item was replaced: several writers would lose each other's snapshots. Use another"
            + " store, or this one with option 'exclusive=true' if only one process ever writes");
  }

  private String race() throws Exception {
    int undecided = 0;
    try (Threads threads = Threads.start(RACERS)) {
      for (int round = 0; round < ROUNDS; round++) {
        String name = "race-" + round;
        made.add(name);
        CyclicBarrier start = new CyclicBarrier(RACERS);
        List<Future<Optional<byte[]>>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
          byte[] bytes = String.format("racer %02d", i).getBytes(StandardCharsets.US_ASCII);
          racers.add(threads.submit(Lane.READ, racer(start, name, bytes)));
        }
        List<byte[]> winners = new ArrayList<>();
        for (Future<Optional<byte[]>> racer : racers) {
          Threads.join(racer).ifPresent(winners::add);
        }
        if (winners.size() > 1) {
          throw new NotSoException(
              winners.size()
                  + " creators of one item were told that they won: several writers would lose each"
                  + " other's snapshots. Use another store, or this one with option"
                  + " 'exclusive=true' if only one process ever writes");
        }
        if (winners.isEmpty()) {
          undecided++;
        } else if (!Arrays.equals(winners.get(0), read(name, 0, winners.get(0).length))) {
          throw new NotSoException("The item is not the winner's");
        }
      }
    }
    if (undecided == ROUNDS) {
      throw new NotSoException("Nobody could create the item in any of " + ROUNDS + " rounds");
    }
    return ROUNDS + " rounds" + (undecided == 0 ? "" : ", " + undecided + " without a winner");
  }

  /** Whether this one won; a conflict that may be tried again was not won. */
  private Callable<Optional<byte[]>> racer(CyclicBarrier start, String name, byte[] bytes) {
    return () -> {
      start.await();
      try {
        store.create(prefix + name, Body.of(bytes));
        return Optional.of(bytes);
      } catch (IOException lost) {
        return Optional.empty();
      }
    };
  }

  private String readAfterWrite() throws Exception {
    for (int i = 0; i < LISTED; i++) {
      String name = String.format("list/%02d", i);
      create(name, new byte[i + 1]);
      read(name, 0, i + 1);
      if (list(prefix + "list/", "").size() != i + 1) {
        throw new NotSoException("A listing lacks what was created before it began");
      }
    }
    return LISTED + " items, each read and listed after it was created";
  }

  private String listing() throws Exception {
    List<String> all = list(prefix + "list/", "").stream().map(Stored::key).toList();
    List<String> second = all.subList(LISTED / 2 + 1, LISTED);
    List<String> rest =
        list(prefix + "list/", all.get(LISTED / 2)).stream().map(Stored::key).toList();
    if (all.size() != LISTED || !all.equals(all.stream().sorted().toList())) {
      throw new NotSoException("A listing is not in order: " + all);
    }
    if (!rest.equals(second)) {
      throw new NotSoException("A listing from the middle has " + rest + ", not " + second);
    }
    return LISTED + " items";
  }

  private String deleting() throws Exception {
    List<String> keys = made.stream().map(prefix::concat).toList();
    store.delete(keys.get(0));
    store.delete(keys.get(0));
    for (int time = 0; time < 2; time++) {
      for (IOException failure : store.deleteAll(keys).values()) {
        throw failure;
      }
    }
    int left = list(prefix, "").size();
    if (left > 0) {
      throw new NotSoException(left + " items are still listed below " + prefix);
    }
    return made.size() + " items";
  }

  /** What was stored goes, if the store does as much as that. */
  private void tidyUp() {
    for (String name : made) {
      try {
        store.delete(prefix + name);
      } catch (IOException unanswered) {
        return;
      }
    }
  }

  private String clock() throws Exception {
    Instant before = Instant.now();
    Stored stored = store.create(prefix + "clock", Body.of(new byte[1]));
    store.delete(prefix + "clock");
    Duration ahead = Duration.between(before, stored.time());
    if (ahead.abs().compareTo(CLOCKS_APART) > 0) {
      throw new NotSoException(
          "The clocks are " + ahead.abs().toSeconds() + " s apart; set the one that is wrong");
    }
    return "within " + (ahead.abs().toSeconds() + 1) + " s";
  }

  private void create(String name, byte[] bytes) throws IOException {
    made.add(name);
    store.create(prefix + name, Body.of(bytes));
  }

  private byte[] read(String name, long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    store.read(prefix + name, offset, into);
    return into.array();
  }

  private List<Stored> list(String beginning, String startAfter) throws IOException {
    List<Stored> all = new ArrayList<>();
    Page page = store.list(beginning, startAfter);
    all.addAll(page.items());
    while (!page.last()) {
      page = store.list(beginning, all.get(all.size() - 1).key());
      all.addAll(page.items());
    }
    return all;
  }
}
