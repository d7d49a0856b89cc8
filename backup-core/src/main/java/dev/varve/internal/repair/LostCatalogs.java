package dev.varve.internal.repair;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.LostSnapshot;
import dev.varve.internal.catalog.CatalogCursor;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.catalog.ChunkLinks;
import dev.varve.internal.chunkstore.FooterBlock;
import dev.varve.internal.chunkstore.PackInspector;
import dev.varve.internal.chunkstore.PackKeys;
import dev.varve.internal.chunkstore.PackRemains;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackKind;
import dev.varve.internal.format.PackName;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.PackStatus;
import dev.varve.internal.log.SnapshotHistory;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.vault.Items;
import dev.varve.internal.vault.Vault;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds topmost chunks of catalogs that no snapshot there ever was is known to have, in all packs
 * of catalogs that are in the store and not condemned, registered or not. Used by one thread, once.
 *
 * <p>Topmost is what no other chunk found refers to. So a catalog that as a whole became a part of
 * a larger one is not found; what it listed is in that. Keeps some hundred bytes for each chunk of
 * catalogs, of which there is one for about 500 entries.
 */
final class LostCatalogs implements AutoCloseable {

  private static final int MOST_LEVELS = 8;

  private final Vault vault;
  private final Cancellation cancellation;
  private final PackInspector inspector;
  private final PackRemains remains;
  private final Map<ChunkId, Node> nodes = new HashMap<>();
  private final Set<ChunkId> below = new HashSet<>();

  /** A chunk of catalogs; one of entries counts its own, one of fences names what is below. */
  private record Node(
      ChunkRef ref,
      int level,
      EntryPath first,
      long entries,
      long bytes,
      Optional<Instant> newest,
      List<ChunkId> children) {}

  /** A catalog that nobody names. */
  record Found(LostSnapshot shown, CatalogRoot root) {}

  LostCatalogs(Vault vault, Cancellation cancellation) throws IOException {
    this.vault = vault;
    this.cancellation = cancellation;
    this.inspector = new PackInspector(vault.store(), vault.id(), vault.keys(), vault.packKeys());
    this.remains = new PackRemains(vault.store(), vault.id(), vault.keys(), vault.packKeys());
  }

  /** All of them, those with the newest entries first. */
  List<Found> find() throws IOException {
    LogState state = vault.state();
    Set<ChunkId> known = new HashSet<>();
    SnapshotHistory.until(state, vault.log())
        .snapshots()
        .forEach(
            snapshot ->
                snapshot.record().catalog().fences().refs().forEach(ref -> known.add(ref.id())));
    for (Stored item : Items.list(vault.store(), "packs/")) {
      cancellation.check();
      read(state, item);
    }
    List<Found> found = new ArrayList<>();
    for (Node node : nodes.values()) {
      if (!below.contains(node.ref().id()) && !known.contains(node.ref().id())) {
        found.add(found(node));
      }
    }
    found.sort(
        Comparator.comparing((Found each) -> each.shown().newest().orElse(Instant.MIN))
            .reversed()
            .thenComparing(each -> each.shown().root()));
    return found;
  }

  @Override
  public void close() {
    inspector.close();
    remains.close();
  }

  private void read(LogState state, Stored item) throws IOException {
    PackName name;
    try {
      name = PackName.ofKey(item.key());
    } catch (FormatException e) {
      return;
    }
    PackStatus pack = state.pack(name);
    if (pack.isCondemned() || (pack.isRegistered() && pack.kind() != PackKind.CATALOG)) {
      return;
    }
    List<FooterBlock> footer;
    try {
      footer = inspector.footer(name, PackKind.CATALOG, item.size());
    } catch (FormatException | EOFException | NoSuchFileException e) {
      // Of another kind, or damaged: a repair stores anew what it can read of it.
      return;
    }
    Optional<PackKeys.PackKey> key = remains.key(name, PackKind.CATALOG, item.size());
    for (FooterBlock block : footer) {
      if (key.isPresent()) {
        chunks(key.get(), block);
      }
    }
  }

  private void chunks(PackKeys.PackKey key, FooterBlock block) throws IOException {
    try {
      remains.open(key, block.ordinal(), block.offset(), block.storedBytes());
    } catch (FormatException damaged) {
      return;
    }
    int offset = 0;
    for (int i = 0; i < block.ids().length; i++) {
      ChunkId id = block.ids()[i];
      int length = block.lengths()[i];
      Optional<ChunkKind> kind = remains.kindOf(PackKind.CATALOG, id, offset, length);
      if (kind.filter(ChunkKind.CATALOG::equals).isPresent() && !nodes.containsKey(id)) {
        byte[] bytes = Arrays.copyOfRange(remains.plain(), offset, offset + length);
        take(new ChunkRef(id, length), bytes);
      }
      offset += length;
    }
  }

  private void take(ChunkRef ref, byte[] bytes) throws IOException {
    int level = bytes[0];
    if (level < 0 || level > MOST_LEVELS) {
      // A list of problems.
      return;
    }
    try {
      nodes.put(ref.id(), level == 0 ? entries(ref, bytes) : fences(ref, level, bytes));
    } catch (FormatException nobodyWroteThis) {
      nodes.remove(ref.id());
    }
  }

  private static Node entries(ChunkRef ref, byte[] bytes) throws IOException {
    // How many there are is not looked at, but none could not be here.
    CatalogRoot alone = new CatalogRoot(new ChunkList(0, List.of(ref)), 1, 0);
    CatalogCursor cursor = new CatalogReader((kind, wanted) -> bytes.clone(), alone).cursor();
    Optional<CatalogEntry> next = cursor.next();
    EntryPath first =
        next.orElseThrow(() -> new FormatException("No entries are in it")).entry().path();
    long entries = 0;
    long sum = 0;
    Optional<Instant> newest = Optional.empty();
    while (next.isPresent()) {
      Entry entry = next.get().entry();
      entries++;
      sum = plus(sum, entry.size());
      newest = later(newest, entry.modified());
      next = cursor.next();
    }
    return new Node(ref, 0, first, entries, sum, newest, List.of());
  }

  private Node fences(ChunkRef ref, int level, byte[] bytes) throws IOException {
    List<ChunkId> children = new ArrayList<>();
    ChunkLinks.of(
        ChunkKind.CATALOG, level, bytes, (kind, lower, child) -> children.add(child.id()));
    below.addAll(children);
    return new Node(ref, level, EntryPath.of("?"), 0, 0, Optional.empty(), children);
  }

  private Found found(Node top) {
    long entries = 0;
    long bytes = 0;
    Optional<Instant> newest = Optional.empty();
    Optional<EntryPath> first = Optional.empty();
    boolean whole = true;
    List<ChunkId> left = new ArrayList<>(List.of(top.ref().id()));
    while (!left.isEmpty()) {
      Node node = nodes.get(left.remove(left.size() - 1));
      if (node == null) {
        whole = false;
        continue;
      }
      left.addAll(node.children());
      if (node.level() == 0) {
        entries += node.entries();
        bytes = plus(bytes, node.bytes());
        newest = later(newest, node.newest());
        EntryPath path = node.first();
        first = first.filter(known -> known.compareTo(path) < 0).or(() -> Optional.of(path));
      }
    }
    return new Found(
        new LostSnapshot(
            hex(top.ref().id()), entries, bytes, newest, first.orElse(top.first()), whole),
        new CatalogRoot(new ChunkList(top.level(), List.of(top.ref())), entries, bytes));
  }

  private static String hex(ChunkId id) {
    byte[] bytes = new byte[ChunkId.BYTES];
    id.write(bytes, 0);
    return HexFormat.of().formatHex(bytes);
  }

  private static long plus(long sum, long more) {
    long result = sum + more;
    return result < 0 ? Long.MAX_VALUE : result;
  }

  private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || other.filter(one.get()::isBefore).isPresent()
        ? other.or(() -> one)
        : one;
  }
}
