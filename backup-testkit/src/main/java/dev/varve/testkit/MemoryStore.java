package dev.varve.testkit;

import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A store in memory for tests: strict about what it is given, counting, and open to damage. Safe
 * for use by many threads.
 *
 * <p>It is a place rather than a connection: {@link #close()} keeps the contents and the store
 * stays usable, so that one repository after the other can be opened on it. {@link #handle()} gives
 * connections that refuse to work after being closed.
 */
public final class MemoryStore implements Store {

  private static final class Item {
    private final byte[] bytes;
    private final Instant time;

    private Item(byte[] bytes, Instant time) {
      this.bytes = bytes;
      this.time = time;
    }
  }

  private final ConcurrentSkipListMap<String, Item> items = new ConcurrentSkipListMap<>();
  private final Map<StoreCall, AtomicLong> calls = new EnumMap<>(StoreCall.class);
  private final AtomicInteger handles = new AtomicInteger();
  private volatile InstantSource clock = InstantSource.system();
  private volatile int pageSize = 1000;
  private volatile boolean ignoresConditions;

  /** An empty place. */
  public MemoryStore() {
    for (StoreCall call : StoreCall.values()) {
      calls.put(call, new AtomicLong());
    }
  }

  /** Sets how many items a page of a listing holds at most, from 1; small ones exercise paging. */
  public MemoryStore pageSize(int items) {
    if (items < 1) {
      throw new IllegalArgumentException("A page holds at least 1 item, not " + items);
    }
    pageSize = items;
    return this;
  }

  /** Sets where the times of new items come from. */
  public MemoryStore clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Makes creating replace what is there, as look-alikes of real stores do that ignore conditions:
   * against the contract, to see that it is found out.
   */
  public MemoryStore ignoringConditions() {
    ignoresConditions = true;
    return this;
  }

  /** Another connection to the same place, which can be closed. */
  public Store handle() {
    handles.incrementAndGet();
    return new StoreHandle(this, () -> {}, () -> handles.decrementAndGet());
  }

  /** How many {@linkplain #handle() handles} were not closed yet. */
  public int openHandles() {
    return handles.get();
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    count(StoreCall.CREATE);
    Store.requireKey(key);
    if (items.containsKey(key) && !ignoresConditions) {
      throw new FileAlreadyExistsException(key);
    }
    requireNoDirectory(key);
    Item item = new Item(bytesOf(key, body), clock.instant());
    if (ignoresConditions) {
      items.put(key, item);
    } else if (items.putIfAbsent(key, item) != null) {
      throw new FileAlreadyExistsException(key);
    }
    return stored(key, item);
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    count(StoreCall.READ);
    Store.requireKey(key);
    if (offset < 0) {
      throw new IllegalArgumentException("Offset into '" + key + "' is negative: " + offset);
    }
    Item item = items.get(key);
    if (item == null) {
      throw new NoSuchFileException(key);
    }
    int wanted = into.remaining();
    if (offset + wanted > item.bytes.length) {
      throw new EOFException(
          String.format(
              "'%s' has %d bytes; cannot read %d at %d", key, item.bytes.length, wanted, offset));
    }
    into.put(item.bytes, (int) offset, wanted);
  }

  @Override
  public Page list(String prefix, String startAfter) {
    count(StoreCall.LIST);
    List<Stored> page = new ArrayList<>();
    int size = pageSize;
    SortedMap<String, Item> candidates =
        startAfter.compareTo(prefix) < 0
            ? items.tailMap(prefix, true)
            : items.tailMap(startAfter, false);
    for (Map.Entry<String, Item> item : candidates.entrySet()) {
      if (!item.getKey().startsWith(prefix)) {
        break;
      }
      if (page.size() == size) {
        return new Page(page, false);
      }
      page.add(stored(item.getKey(), item.getValue()));
    }
    return new Page(page, true);
  }

  @Override
  public void delete(String key) {
    count(StoreCall.DELETE);
    Store.requireKey(key);
    items.remove(key);
  }

  /** Does nothing: the place and what it holds stay. */
  @Override
  public void close() {}

  /** A new place with the same contents, clock and page size; what happens to one is its own. */
  public MemoryStore fork() {
    MemoryStore copy = new MemoryStore().pageSize(pageSize).clock(clock);
    copy.items.putAll(items);
    copy.ignoresConditions = ignoresConditions;
    return copy;
  }

  /** How many calls of this kind there were, failed ones included. */
  public long calls(StoreCall call) {
    return counter(call).get();
  }

  /** How many calls there were. */
  public long calls() {
    return calls.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** The keys there are now, ascending; not a call. */
  public SortedSet<String> keys() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(items.keySet()));
  }

  /** The keys there are now that begin with {@code prefix}, ascending; not a call. */
  public SortedSet<String> keys(String prefix) {
    TreeSet<String> keys = new TreeSet<>(items.keySet());
    keys.removeIf(key -> !key.startsWith(prefix));
    return Collections.unmodifiableSortedSet(keys);
  }

  /** How many bytes all items have together; not a call. */
  public long totalBytes() {
    return items.values().stream().mapToLong(item -> item.bytes.length).sum();
  }

  /** A copy of an item, which must exist; not a call. */
  public byte[] bytes(String key) {
    return existing(key).bytes.clone();
  }

  /** Puts an item there, replacing one of that name; not a call. */
  public void put(String key, byte[] bytes) {
    Store.requireKey(key);
    items.put(key, new Item(bytes.clone(), clock.instant()));
  }

  /**
   * Replaces an item, which must exist, by what {@code change} makes of a copy of it; its time
   * stays. Not a call.
   */
  public void corrupt(String key, UnaryOperator<byte[]> change) {
    Item item = existing(key);
    items.put(key, new Item(change.apply(item.bytes.clone()), item.time));
  }

  /**
   * Whether another place, a {@link #fork} of this or one this was forked from, has the very same
   * item under this key, or neither has any; not a call.
   */
  public boolean holdsSame(String key, MemoryStore other) {
    return items.get(key) == other.items.get(key);
  }

  /** Takes an item away, which must exist, as if it had got lost; not a call. */
  public void remove(String key) {
    existing(key);
    items.remove(key);
  }

  /** Gives an item, which must exist, another time; not a call. */
  public void setTime(String key, Instant time) {
    items.put(key, new Item(existing(key).bytes, time));
  }

  @Override
  public String toString() {
    return "memory store";
  }

  private AtomicLong counter(StoreCall call) {
    return Objects.requireNonNull(calls.get(call));
  }

  private void count(StoreCall call) {
    counter(call).incrementAndGet();
  }

  private Item existing(String key) {
    Item item = items.get(key);
    if (item == null) {
      throw new IllegalArgumentException("There is no '" + key + "'; there are " + items.keySet());
    }
    return item;
  }

  private void requireNoDirectory(String key) {
    for (int slash = key.indexOf('/'); slash > 0; slash = key.indexOf('/', slash + 1)) {
      if (items.containsKey(key.substring(0, slash))) {
        throw new IllegalArgumentException(
            "'" + key.substring(0, slash) + "' is an item and cannot be a directory of " + key);
      }
    }
    String below = items.higherKey(key + "/");
    if (below != null && below.startsWith(key + "/")) {
      throw new IllegalArgumentException("'" + key + "' is already a directory of " + below);
    }
  }

  private static byte[] bytesOf(String key, Body body) throws IOException {
    try (InputStream in = body.open()) {
      byte[] bytes = in.readNBytes((int) Math.min(body.length(), Integer.MAX_VALUE - 8));
      if (bytes.length != body.length() || in.read() >= 0) {
        throw new IOException(
            String.format(
                "Body of '%s' has not the %d bytes it promised but %s",
                key, body.length(), bytes.length == body.length() ? "more" : bytes.length));
      }
      return bytes;
    }
  }

  private static Stored stored(String key, Item item) {
    return new Stored(key, item.bytes.length, item.time);
  }
}
