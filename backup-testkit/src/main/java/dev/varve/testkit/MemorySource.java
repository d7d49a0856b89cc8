package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Revision;
import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A source in memory for tests: what it holds can be changed between backups, it fails as told, and
 * it notes what its user does against the contract. A run sees what was there when it began. Safe
 * for use by many threads.
 *
 * <p>Files put here get a revision and a modification time that no other has had, so that only what
 * was put again counts as changed.
 */
public final class MemorySource implements Source {

  private static final Instant EPOCH = Instant.parse("2020-01-01T00:00:00.123456789Z");

  private final SourceIdentity identity;
  private final TreeMap<EntryPath, MemoryFile> files = new TreeMap<>();
  private final List<Entry> disorderly = new ArrayList<>();
  private final MemoryNotes notes = new MemoryNotes();
  private int parallelReads = Integer.MAX_VALUE;
  private Optional<String> beginFailure = Optional.empty();
  private Optional<String> finishFailure = Optional.empty();
  private Optional<EntryPath> cursorFailure = Optional.empty();
  private long puts;

  /** An empty source called {@code memory:test@test}. */
  public MemorySource() {
    this(new SourceIdentity("memory", "test", "test"));
  }

  /** An empty source of this name. */
  public MemorySource(SourceIdentity identity) {
    this.identity = identity;
  }

  /** Puts a file of these bytes, in place of one of that path. */
  public MemorySource file(EntryPath path, byte[] content) {
    byte[] copy = content.clone();
    return file(path, copy.length, () -> new ByteArrayInputStream(copy));
  }

  /** Puts a file of these bytes, in place of one of that path. */
  public MemorySource file(String path, byte[] content) {
    return file(EntryPath.of(path), content);
  }

  /** Puts a file of the UTF-8 form of a text. */
  public MemorySource file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a file of so many bytes that look random, always the same for a seed; takes no memory. */
  public MemorySource file(String path, long size, long seed) {
    return file(EntryPath.of(path), size, () -> new PatternContent(seed, size));
  }

  /** Puts a directory; a slash is appended if there is none. */
  public MemorySource directory(String path) {
    return put(fresh(EntryPath.of(path).asDirectory(), EntryKind.DIRECTORY).build());
  }

  /** Puts a symbolic link. */
  public MemorySource link(String path, String target) {
    return put(
        fresh(EntryPath.of(path), EntryKind.SYMBOLIC_LINK)
            .linkTarget(EntryPath.of(target))
            .build());
  }

  /** Puts an entry without content exactly as it is. */
  public synchronized MemorySource put(Entry entry) {
    files.put(entry.path(), new MemoryFile(entry, InputStream::nullInputStream, Optional.empty()));
    return this;
  }

  /** Puts an entry exactly as it is, even if its size is wrong, with this content. */
  public synchronized MemorySource put(Entry entry, byte[] content) {
    byte[] copy = content.clone();
    Supplier<InputStream> stream = () -> new ByteArrayInputStream(copy);
    files.put(entry.path(), new MemoryFile(entry, stream, Optional.empty()));
    return this;
  }

  /** Takes an entry away, which must be there. */
  public synchronized MemorySource remove(String path) {
    EntryPath key = EntryPath.of(path);
    file(key);
    files.remove(key);
    return this;
  }

  /**
   * Makes reading an entry go wrong from now on; putting it anew or {@link #recover()} ends that.
   */
  public synchronized MemorySource fault(String path, ContentFault fault) {
    EntryPath key = EntryPath.of(path);
    files.put(key, file(key).with(fault));
    return this;
  }

  /** Sets how many contents may be open at once. */
  public synchronized MemorySource parallelReads(int most) {
    parallelReads = most;
    return this;
  }

  /** Makes beginning fail with this message. */
  public synchronized MemorySource failBegin(String message) {
    beginFailure = Optional.of(message);
    return this;
  }

  /** Makes finishing fail with this message, as a command's exit code would. */
  public synchronized MemorySource failFinish(String message) {
    finishFailure = Optional.of(message);
    return this;
  }

  /** Makes the cursor fail instead of showing this path. */
  public synchronized MemorySource failCursorAt(String path) {
    cursorFailure = Optional.of(EntryPath.of(path));
    return this;
  }

  /** Makes the cursor show this after everything else, against the order if need be. */
  public synchronized MemorySource disorderly(Entry entry) {
    disorderly.add(entry);
    return this;
  }

  /** Ends all failing, of the source as a whole and of entries. */
  public synchronized MemorySource recover() {
    beginFailure = Optional.empty();
    finishFailure = Optional.empty();
    cursorFailure = Optional.empty();
    disorderly.clear();
    files.replaceAll((path, file) -> file.sound());
    return this;
  }

  /** The entries there are now, by path. */
  public synchronized SortedMap<EntryPath, Entry> entries() {
    TreeMap<EntryPath, Entry> entries = new TreeMap<>();
    files.forEach((path, file) -> entries.put(path, file.entry()));
    return Collections.unmodifiableSortedMap(entries);
  }

  /** An entry as it is now, which must be there. */
  public synchronized Entry entry(EntryPath path) {
    return file(path).entry();
  }

  /** An entry as it is now, which must be there. */
  public Entry entry(String path) {
    return entry(EntryPath.of(path));
  }

  /** All bytes of an entry, which must be there, whatever its fault. */
  public byte[] content(EntryPath path) {
    MemoryFile file;
    synchronized (this) {
      file = file(path);
    }
    try (InputStream in = file.content().get()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often an entry's content was opened, in all runs together. */
  public int opened(String path) {
    return notes.timesOpened(EntryPath.of(path));
  }

  /** How often any content was opened, in all runs together. */
  public int opened() {
    return notes.timesOpened();
  }

  /** What was done against the contract so far; a test asserts that it is empty. */
  public List<String> misuses() {
    return notes.misuses();
  }

  /** Waits until a reader is held up by {@link ContentFault#BLOCKS}. */
  public void awaitBlocked() throws InterruptedException {
    notes.awaitBlocked();
  }

  @Override
  public SourceIdentity identity() {
    return identity;
  }

  @Override
  public boolean rereadable() {
    return true;
  }

  @Override
  public synchronized SourceRun begin(SourceContext context) throws IOException {
    if (beginFailure.isPresent()) {
      throw new IOException(beginFailure.get());
    }
    return new MemoryRun(
        new TreeMap<>(files),
        List.copyOf(disorderly),
        parallelReads,
        cursorFailure,
        finishFailure,
        notes);
  }

  @Override
  public String toString() {
    return identity.toString();
  }

  private synchronized MemorySource file(EntryPath path, long size, Supplier<InputStream> content) {
    Entry entry = fresh(path, EntryKind.FILE).size(size).build();
    files.put(path, new MemoryFile(entry, content, Optional.empty()));
    return this;
  }

  private synchronized Entry.Builder fresh(EntryPath path, EntryKind kind) {
    puts++;
    return Entry.builder(path, kind)
        .modified(EPOCH.plusSeconds(puts))
        .revision(Revision.of(ByteBuffer.allocate(Long.BYTES).putLong(puts).array()));
  }

  private MemoryFile file(EntryPath path) {
    MemoryFile file = files.get(path);
    if (file == null) {
      throw new IllegalArgumentException("There is no '" + path + "'; there are " + files.keySet());
    }
    return file;
  }
}
