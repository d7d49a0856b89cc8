package dev.varve.internal.index;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A sorted piece of the index, opened for reading; {@link RunShelf} opens it. Safe for use by many
 * threads. Needs no closing. Every failure of a page is a {@link FormatException} that names run
 * and page and leaves the other pages usable.
 *
 * <p>On the heap: 8 bytes for each page of names and chunks, 0.11 bytes a chunk, from the first
 * lookup on; its filter, if it earned one, 1.9 bytes a chunk; the sealed bytes if it is short.
 */
public final class Run {

  private static final PackName NO_PACK = new PackName(0, 0);

  private final RunPages pages;
  private final PageCache cache;
  private final long owner;
  private final RunLayout layout;
  private final Section names;
  private final Section details;
  private final Section chunkRows;
  private final ReentrantLock making = new ReentrantLock();
  private final AtomicLong misses = new AtomicLong();
  private volatile long @Nullable [] firsts;
  private volatile @Nullable ChunkFilter filter;

  Run(RunPages pages, PageCache cache) throws IOException {
    this.pages = pages;
    this.cache = cache;
    this.owner = cache.owner();
    int last = pages.count() - 1;
    byte[] lastPage = new byte[RunLayout.FULL_PAGE_BYTES];
    pages.open(last, lastPage);
    try {
      this.layout = RunLayout.read(lastPage, pages.count());
    } catch (FormatException e) {
      throw pages.damaged(last, e);
    }
    this.names = layout.names();
    this.details = layout.details();
    this.chunkRows = layout.chunkRows();
  }

  /** What it is called. */
  public RunName name() {
    return pages.name();
  }

  /** How many packs it speaks of. */
  public int packs() {
    return layout.packs();
  }

  /** How many chunk entries it has. */
  public long chunks() {
    return layout.chunks();
  }

  /** Its length in the store. */
  public long storedBytes() {
    return layout.storedBytes();
  }

  /**
   * Shows the places where this chunk is said to lie, in no order that means anything, until one is
   * accepted. Says false if it lies nowhere or in no place that is.
   */
  public boolean anyCopy(ChunkId id, Predicate<ChunkLocation> test) throws IOException {
    ChunkFilter known = filter;
    if (known != null && !known.mayHold(id)) {
      return false;
    }
    byte[] key = new byte[ChunkId.BYTES];
    id.write(key, 0);
    if (anyRow(chunkRows, key, (rows, at, row) -> test.test(location(rows, at, row)))) {
      return true;
    }
    misses.incrementAndGet();
    return false;
  }

  /** What it says of this pack: usually one entry or none; several if merged runs disagreed. */
  public List<PackEntry> packs(PackName pack) throws IOException {
    List<PackEntry> entries = new ArrayList<>(1);
    anyRow(
        names,
        PackRow.key(pack),
        (rows, at, row) -> {
          byte[] found = plain(details, (int) (row / details.rowsPerPage()));
          entries.add(packEntry(pack, found, row));
          return false;
        });
    return entries;
  }

  Section names() {
    return names;
  }

  Section details() {
    return details;
  }

  Section chunkRows() {
    return chunkRows;
  }

  /** Where the chunk of this row is said to be. */
  ChunkLocation location(byte[] rows, int at, long row) throws IOException {
    int pack = packRow(rows, at, row);
    byte[] page = plain(names, pack / names.rowsPerPage());
    PackName name = PackRow.name(page, pack % names.rowsPerPage() * names.rowBytes());
    return location(rows, at, row, name);
  }

  /** Where the chunk of this row is said to be, in a pack of this name. */
  ChunkLocation location(byte[] rows, int at, long row, PackName pack) throws FormatException {
    try {
      return ChunkRow.location(rows, at, pack);
    } catch (FormatException e) {
      throw damaged(chunkRows, row, e);
    }
  }

  /** What somebody calls its packs, by their rows; what a damaged page names is -1. */
  int[] packNumbers(ToIntFunction<PackName> number) throws IOException {
    int[] numbers = new int[layout.packs()];
    Arrays.fill(numbers, -1);
    byte[] rows = new byte[RunLayout.FULL_PAGE_BYTES];
    for (int page = 0; page < names.pages(); page++) {
      try {
        open(names, page, rows);
        for (int row = 0; row < names.rowsOn(page); row++) {
          PackName name = PackRow.name(rows, row * names.rowBytes());
          numbers[page * names.rowsPerPage() + row] = number.applyAsInt(name);
        }
      } catch (FormatException e) {
        // Whoever meets a chunk in one of these looks again, and is told.
      }
    }
    return numbers;
  }

  /** The row of the pack the chunk of this row is said to lie in, if there a chunk can be. */
  int checkedPackRow(byte[] rows, int at, long row) throws FormatException {
    try {
      ChunkRow.location(rows, at, NO_PACK);
    } catch (FormatException e) {
      throw damaged(chunkRows, row, e);
    }
    return packRow(rows, at, row);
  }

  /** The row of the pack the chunk of this row is said to lie in. */
  int packRow(byte[] rows, int at, long row) throws FormatException {
    try {
      return ChunkRow.pack(rows, at, layout.packs());
    } catch (FormatException e) {
      throw damaged(chunkRows, row, e);
    }
  }

  /** What this row of a page of details says. */
  PackEntry packEntry(PackName name, byte[] page, long row) throws FormatException {
    int at = (int) (row % details.rowsPerPage()) * details.rowBytes();
    try {
      return PackRow.entry(name, page, at, details.rowBytes());
    } catch (FormatException e) {
      throw damaged(details, row, e);
    }
  }

  /** How much memory its filter takes. */
  long filterBytes() {
    ChunkFilter known = filter;
    return known == null ? 0 : known.memoryBytes();
  }

  /**
   * Whether so many lookups were in vain that making a filter, which opens every page once, costs
   * no more than twice what they did.
   */
  boolean deservesFilter() {
    return misses.get() > chunkRows.pages() / 2 && filter == null && pages.atHand();
  }

  /** There is no memory for a filter: let as many lookups be in vain before it is tried again. */
  void postponeFilter() {
    misses.set(0);
  }

  /** Makes the filter unless somebody is at it; that it fails once is enough for ever. */
  void makeFilter(long memoryBytes) throws IOException {
    if (!making.tryLock()) {
      return;
    }
    try {
      if (filter == null) {
        misses.set(Long.MIN_VALUE / 2);
        ChunkFilter made = ChunkFilter.of(memoryBytes);
        RunCursor cursor = new RunCursor(this, chunkRows);
        while (cursor.next()) {
          made.add(ChunkRow.id(cursor.rows(), cursor.at()));
        }
        filter = made;
      }
    } finally {
      making.unlock();
    }
  }

  /** Opens a section's page into {@code rows} and checks the order of names and chunks. */
  void open(Section section, int page, byte[] rows) throws IOException {
    int number = section.firstPage() + page;
    pages.open(number, rows);
    if (section.kind() == Section.Kind.DETAILS) {
      return;
    }
    long[] all = firsts();
    int begin = firstsBegin(section);
    int count = section.rowsOn(page);
    long last = Rows.prefix(rows, (count - 1) * section.rowBytes());
    boolean asFound =
        Rows.prefix(rows, 0) == all[begin + page]
            && (page + 1 == section.pages()
                || Long.compareUnsigned(last, all[begin + page + 1]) <= 0);
    boolean repeats = section.kind() == Section.Kind.NAMES;
    if (!asFound || !Rows.ascend(rows, count, section.rowBytes(), repeats)) {
      throw damaged(section, (long) page * section.rowsPerPage(), outOfOrder());
    }
  }

  FormatException damaged(Section section, long row, FormatException cause) {
    return pages.damaged(section.firstPage() + (int) (row / section.rowsPerPage()), cause);
  }

  static FormatException outOfOrder() {
    return new FormatException("its rows are out of order");
  }

  /** Shows all rows that begin with {@code key}, until one is accepted. */
  private boolean anyRow(Section section, byte[] key, RowTest test) throws IOException {
    long prefix = Rows.prefix(key, 0);
    long[] all = firsts();
    int begin = firstsBegin(section);
    int notBelow = Rows.firstNotBelow(all, begin, begin + section.pages(), prefix) - begin;
    if (notBelow > 0 && anyRow(section, notBelow - 1, key, test)) {
      return true;
    }
    for (int page = notBelow; page < section.pages() && all[begin + page] == prefix; page++) {
      if (anyRow(section, page, key, test)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyRow(Section section, int page, byte[] key, RowTest test) throws IOException {
    byte[] rows = plain(section, page);
    int width = section.rowBytes();
    int end = section.rowsOn(page);
    for (int row = Rows.firstNotBelow(rows, end, width, key); row < end; row++) {
      int at = row * width;
      if (!Arrays.equals(rows, at, at + key.length, key, 0, key.length)) {
        return false;
      }
      if (test.accepts(rows, at, (long) page * section.rowsPerPage() + row)) {
        return true;
      }
    }
    return false;
  }

  /** A section's page, from the cache if it is there. */
  private byte[] plain(Section section, int page) throws IOException {
    int number = section.firstPage() + page;
    byte[] kept = cache.find(owner, number);
    if (kept != null) {
      return kept;
    }
    byte[] rows = new byte[RunLayout.FULL_PAGE_BYTES];
    open(section, page, rows);
    cache.keep(owner, number, rows);
    return rows;
  }

  private int firstsBegin(Section section) {
    return section.kind() == Section.Kind.NAMES ? 0 : names.pages();
  }

  private long[] firsts() throws IOException {
    long[] known = firsts;
    if (known != null) {
      return known;
    }
    making.lock();
    try {
      known = firsts;
      if (known == null) {
        known = readFirsts();
        firsts = known;
      }
      return known;
    } finally {
      making.unlock();
    }
  }

  private long[] readFirsts() throws IOException {
    long[] read = new long[names.pages() + chunkRows.pages()];
    Section tail = layout.tail();
    byte[] rows = new byte[RunLayout.FULL_PAGE_BYTES];
    for (int i = 0; i < read.length; i++) {
      int row = i % tail.rowsPerPage();
      if (row == 0) {
        pages.open(tail.firstPage() + i / tail.rowsPerPage(), rows);
      }
      read[i] = Rows.prefix(rows, row * tail.rowBytes());
      boolean sectionBegins = i == 0 || i == names.pages();
      if (!sectionBegins && Long.compareUnsigned(read[i - 1], read[i]) > 0) {
        throw damaged(tail, i, outOfOrder());
      }
    }
    return read;
  }

  /** Looks at a row. */
  @FunctionalInterface
  private interface RowTest {
    boolean accepts(byte[] rows, int at, long row) throws IOException;
  }
}
