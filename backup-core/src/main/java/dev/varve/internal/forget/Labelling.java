package dev.varve.internal.forget;

import dev.varve.BackupOptions;
import dev.varve.ConfigurationException;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.internal.log.Attributes;
import dev.varve.internal.log.Attributes.Pin;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.LiveSnapshot;
import dev.varve.internal.log.LogState;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.ShownSnapshots;
import dev.varve.internal.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Changes pins and tags of snapshots. Used by one thread. */
public final class Labelling {

  /** What the tags of one snapshot may take, so that a record has room for it as a whole. */
  private static final int MAX_TAG_BYTES = 16 << 10;

  private static final int MAX_IDS = 2000;

  private final Vault vault;

  /** Labels snapshots of {@code vault}. */
  public Labelling(Vault vault) {
    this.vault = vault;
  }

  /** Lets no forget drop these, or lets it again. */
  public List<Snapshot> pin(Collection<SnapshotId> ids, boolean pinned) throws IOException {
    return change(ids, pinned ? Pin.SET : Pin.CLEARED, new TreeMap<>(), List.of());
  }

  /** Puts and takes tags. */
  public List<Snapshot> tag(
      Collection<SnapshotId> ids, Map<String, String> put, Collection<String> taken)
      throws IOException {
    SortedMap<String, String> checked = new TreeMap<>();
    put.forEach(
        (name, value) -> {
          requireTag(name, value);
          if (taken.contains(name)) {
            throw new ConfigurationException("Tag " + name + " cannot be both put and taken");
          }
          checked.put(name, value);
        });
    taken.forEach(name -> requireTag(name, ""));
    if (checked.isEmpty() && taken.isEmpty()) {
      throw new ConfigurationException("Say which tags to put or to take");
    }
    return change(ids, Pin.KEPT, checked, List.copyOf(taken));
  }

  private List<Snapshot> change(
      Collection<SnapshotId> ids, Pin pin, SortedMap<String, String> put, List<String> taken)
      throws IOException {
    List<SnapshotId> all = List.copyOf(new LinkedHashSet<>(ids));
    LogState before = vault.log().refresh();
    for (SnapshotId id : all) {
      requireRoom(live(id, before), put, taken);
    }
    for (int i = 0; i < all.size(); i += MAX_IDS) {
      List<SnapshotId> some = all.subList(i, Math.min(all.size(), i + MAX_IDS));
      Cancellation.shielded(
          () -> vault.log().append(Draft.computed(state -> record(some, pin, put, taken, state))));
    }
    List<Snapshot> changed = new ArrayList<>();
    LogState after = vault.state();
    for (SnapshotId id : all) {
      after.findSnapshot(id).ifPresent(snapshot -> changed.add(ShownSnapshots.of(after, snapshot)));
    }
    return changed;
  }

  private static Attributes record(
      List<SnapshotId> ids,
      Pin pin,
      SortedMap<String, String> put,
      List<String> taken,
      LogState state) {
    ids.forEach(id -> live(id, state));
    return new Attributes(state.slot(), ids, pin, put, taken);
  }

  private static LiveSnapshot live(SnapshotId id, LogState state) {
    return state
        .findSnapshot(id)
        .orElseThrow(
            () -> new ConfigurationException("There is no snapshot " + id + ", or not any more"));
  }

  private static void requireTag(String name, String value) {
    try {
      BackupOptions.builder().tag(name, value);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireRoom(
      LiveSnapshot snapshot, SortedMap<String, String> put, List<String> taken) {
    Map<String, String> tags = new TreeMap<>(snapshot.record().tags());
    tags.putAll(put);
    taken.forEach(tags::remove);
    long bytes = 0;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String both = tag.getKey() + tag.getValue();
      bytes += 4L + both.getBytes(StandardCharsets.UTF_8).length;
    }
    if (!put.isEmpty() && bytes > MAX_TAG_BYTES) {
      throw new ConfigurationException(
          "The tags of snapshot "
              + snapshot.id()
              + " would take more than "
              + MAX_TAG_BYTES
              + " bytes; take some away first");
    }
  }
}
