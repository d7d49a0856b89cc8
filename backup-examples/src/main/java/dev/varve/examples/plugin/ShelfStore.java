package dev.varve.examples.plugin;

import dev.varve.ConfigurationException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in a single file, to carry a repository about. Safe for use by many threads and, on one
 * machine, by many processes. Does not shrink: what is deleted leaves a hole.
 *
 * <p>The file is 8 bytes of magic, the length of what is valid (8 bytes), and records one after the
 * other: u8 1 for an item or 0 for a deletion, u16 length of the key, u64 length of the item, u64
 * milliseconds, key, item. A record counts once the valid length was moved behind it.
 */
public final class ShelfStore implements Store {

  private static final long MAGIC = 0x5641_5256_4553_4831L;
  private static final int START_BYTES = 16;
  private static final int RECORD_BYTES = 1 + 2 + 8 + 8;
  private static final int PAGE_ITEMS = 1000;

  /** File locks are between processes; handles within this one take turns by these. */
  private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();

  private record Item(long offset, Stored stored) {}

  private record Place(FileChannel shelf, Item item) {}

  private interface Work<T> {
    T run() throws IOException;
  }

  private final Path file;
  private final Object monitor;
  private final TreeMap<String, Item> items = new TreeMap<>();
  private Optional<FileChannel> channel = Optional.empty();
  private long known = START_BYTES;
  private boolean closed;

  /** The store in {@code file}, which is made with the first item. */
  public ShelfStore(Path file) {
    this.file = file.toAbsolutePath().normalize();
    this.monitor = MONITORS.computeIfAbsent(this.file, path -> new Object());
  }

  @Override
  public Stored create(String key, Body body) throws IOException {
    Store.requireKey(key);
    make();
    return alone(
        () -> {
          FileChannel shelf = opened().orElseThrow();
          catchUp(shelf);
          if (items.containsKey(key)) {
            throw new FileAlreadyExistsException(key);
          }
          append(shelf, 1, key, body);
          return item(key).stored();
        });
  }

  @Override
  public void read(String key, long offset, ByteBuffer into) throws IOException {
    Store.requireKey(key);
    Place place =
        alone(
            () -> {
              FileChannel shelf = opened().orElseThrow(() -> new NoSuchFileException(key));
              catchUp(shelf);
              return new Place(shelf, item(key));
            });
    long size = place.item().stored().size();
    if (offset < 0) {
      throw new IllegalArgumentException("There is no offset " + offset);
    }
    if (into.remaining() > size - offset) {
      throw new EOFException(key + " has only " + size + " bytes");
    }
    readFully(place.shelf(), place.item().offset() + offset, into);
  }

  @Override
  public Page list(String prefix, String startAfter) throws IOException {
    return alone(
        () -> {
          Optional<FileChannel> shelf = opened();
          if (shelf.isPresent()) {
            catchUp(shelf.get());
          }
          List<Stored> page = new ArrayList<>();
          boolean after = startAfter.compareTo(prefix) >= 0;
          for (Item item : items.tailMap(after ? startAfter : prefix, !after).values()) {
            if (!item.stored().key().startsWith(prefix)) {
              break;
            }
            if (page.size() == PAGE_ITEMS) {
              return new Page(page, false);
            }
            page.add(item.stored());
          }
          return new Page(page, true);
        });
  }

  @Override
  public void delete(String key) throws IOException {
    Store.requireKey(key);
    alone(
        () -> {
          Optional<FileChannel> shelf = opened();
          if (shelf.isPresent()) {
            catchUp(shelf.get());
            if (items.containsKey(key)) {
              append(shelf.get(), 0, key, Body.of(new byte[0]));
            }
          }
          return key;
        });
  }

  @Override
  public void close() throws IOException {
    synchronized (monitor) {
      closed = true;
      if (channel.isPresent()) {
        channel.get().close();
      }
    }
  }

  @Override
  public String toString() {
    return "shelf:" + file;
  }

  private Item item(String key) throws NoSuchFileException {
    return Optional.ofNullable(items.get(key)).orElseThrow(() -> new NoSuchFileException(key));
  }

  /** Does something while no other handle, here or in another process, does anything. */
  private <T> T alone(Work<T> work) throws IOException {
    synchronized (monitor) {
      if (closed) {
        throw new ClosedChannelException();
      }
      Optional<FileChannel> shelf = opened();
      if (shelf.isEmpty()) {
        return work.run();
      }
      FileLock lock = shelf.get().lock();
      try {
        return work.run();
      } finally {
        lock.release();
      }
    }
  }

  /** The file, if it is there. */
  private Optional<FileChannel> opened() throws IOException {
    if (channel.isEmpty() && Files.exists(file)) {
      channel =
          Optional.of(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }
    return channel;
  }

  /** Makes the file if need be: whole under another name first, so that nobody sees a part. */
  private void make() throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Path directory = file.resolveSibling("");
    Path fresh = Files.createTempFile(directory, "shelf", ".new");
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer start = ByteBuffer.allocate(START_BYTES).putLong(MAGIC).putLong(START_BYTES);
      writeFully(out, start.flip());
      out.force(true);
    }
    try {
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      return; // Somebody was quicker, which is as good.
    } finally {
      Files.delete(fresh);
    }
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /** Takes note of the records that came since the last time. */
  private void catchUp(FileChannel shelf) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(START_BYTES);
    readFully(shelf, 0, start);
    if (start.getLong(0) != MAGIC) {
      throw new ConfigurationException(file + " is no shelf; name another file");
    }
    while (known < start.getLong(8)) {
      ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
      readFully(shelf, known, record);
      boolean there = record.get(0) == 1;
      ByteBuffer name = ByteBuffer.allocate(record.getShort(1));
      readFully(shelf, known + RECORD_BYTES, name);
      String key = new String(name.array(), StandardCharsets.US_ASCII);
      long offset = known + RECORD_BYTES + name.capacity();
      long size = record.getLong(3);
      if (there) {
        Instant time = Instant.ofEpochMilli(record.getLong(11));
        items.put(key, new Item(offset, new Stored(key, size, time)));
      } else {
        items.remove(key);
      }
      known = offset + size;
    }
  }

  /** Writes a record, makes it durable, and only then counts it in. */
  private void append(FileChannel shelf, int kind, String key, Body body) throws IOException {
    byte[] name = key.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES + name.length);
    record.put((byte) kind).putShort((short) name.length).putLong(body.length());
    record.putLong(System.currentTimeMillis()).put(name).flip();
    shelf.position(known);
    writeFully(shelf, record);
    long start = shelf.position();
    body.writeTo(shelf);
    long end = shelf.position();
    if (end - start != body.length()) {
      throw new IOException(key + " should have " + body.length() + " bytes, not " + (end - start));
    }
    shelf.force(true);
    shelf.position(8);
    writeFully(shelf, ByteBuffer.allocate(8).putLong(end).flip());
    shelf.force(true);
    catchUp(shelf);
  }

  private static void readFully(FileChannel shelf, long position, ByteBuffer into)
      throws IOException {
    for (long at = position; into.hasRemaining(); ) {
      int count = shelf.read(into, at);
      if (count < 0) {
        throw new EOFException("The shelf is shorter than it says");
      }
      at += count;
    }
  }

  private static void writeFully(FileChannel shelf, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      shelf.write(bytes);
    }
  }
}
