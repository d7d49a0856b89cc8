package dev.varve.internal.prune;

import dev.varve.PrunePlan.Amount;
import dev.varve.RefusedException;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogEntry;
import dev.varve.internal.log.LogRecord;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import dev.varve.internal.vault.Work;
import dev.varve.store.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is condemned. Used by one thread. Any number of processes may do so at any time,
 * again and again. It believes no state: right before, it reads the slot that condemned. What the
 * store still keeps from being deleted is left to a later call.
 */
final class Deletion {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");

  /** One request where a store deletes many by one; elsewhere several threads share the work. */
  private static final int AT_ONCE = 200;

  private final Vault vault;
  private final PruneRules rules;
  private final Reporter reporter;
  private final Cancellation cancellation;

  Deletion(Vault vault, PruneRules rules, Reporter reporter, Cancellation cancellation) {
    this.vault = vault;
    this.rules = rules;
    this.reporter = reporter;
    this.cancellation = cancellation;
  }

  /** Deletes those of the items that the record in this slot condemned. */
  Amount run(long slot, List<Stored> items) throws IOException {
    vault.log().verify();
    vault.log().requireWritable();
    Predicate<String> condemned = condemnedIn(slot);
    Collection<Stored> deleted = new ConcurrentLinkedQueue<>();
    Collection<RefusedException> left = new ConcurrentLinkedQueue<>();
    List<Stored> rest = items.stream().filter(item -> condemned.test(item.key())).toList();
    try (Work work = new Work(vault.threads(), cancellation)) {
      while (!rest.isEmpty()) {
        List<Stored> next = rest.subList(0, Math.min(AT_ONCE, rest.size()));
        rest = rest.subList(next.size(), rest.size());
        work.submit(() -> delete(next, deleted, left));
      }
      work.await();
    }
    if (!left.isEmpty()) {
      String why = String.valueOf(left.iterator().next().getMessage());
      LOG.warn("{} condemned items are left to a later prune: {}", left.size(), why);
    }
    return deleted.stream()
        .map(item -> new Amount(1, item.size()))
        .reduce(Amount.NONE, Amount::plus);
  }

  private void delete(
      List<Stored> items, Collection<Stored> deleted, Collection<RefusedException> left)
      throws IOException {
    Map<String, IOException> failures =
        vault.store().deleteAll(items.stream().map(Stored::key).toList());
    for (Stored item : items) {
      if (!failures.containsKey(item.key())) {
        deleted.add(item);
        reporter.done(1, item.size(), Optional.empty());
      }
    }
    for (IOException failure : failures.values()) {
      if (!(failure instanceof RefusedException kept)) {
        throw failure;
      }
      left.add(kept);
    }
  }

  private Predicate<String> condemnedIn(long slot) throws IOException {
    List<LogEntry> read = new ArrayList<>();
    vault.log().forEachEntry(slot, slot, read::add);
    return rules.condemnedBy(read);
  }

  /** The keys of what a record condemns. */
  static Set<String> condemnedBy(LogRecord record) {
    Set<String> keys = new HashSet<>();
    if (record instanceof Condemn condemn) {
      condemn.packs().stream().map(pack -> pack.name().key()).forEach(keys::add);
      condemn.runs().stream().map(RunName::key).forEach(keys::add);
    } else if (record instanceof Index index) {
      index.replaced().stream().map(RunName::key).forEach(keys::add);
    }
    return keys;
  }
}
