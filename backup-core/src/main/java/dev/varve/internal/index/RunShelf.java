package dev.varve.internal.index;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RunName;
import dev.varve.store.Page;
import dev.varve.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens runs and keeps their stored bytes at hand: as files of a {@link RunCache}; short ones in
 * memory if that keeps nothing; and if both are impossible, their pages are read from the store one
 * by one. Safe for use by many threads. Trusts no copy: every page is authenticated when it is
 * opened, and read from the store if its copy is damaged. Does not know which runs are live.
 */
public final class RunShelf {

  /** The longest run held in memory. */
  static final int SHORT_BYTES = 1 << 20;

  private static final int PIECE_BYTES = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(RunShelf.class);

  private final Store store;
  private final RunSeal seal;
  private final RunCache cache;
  private final IndexMemory memory;
  private final PageCache pages;
  private final List<WeakReference<Run>> held = new ArrayList<>();

  /** Opens runs of a store. */
  public RunShelf(Store store, RunSeal seal, RunCache cache, IndexMemory memory) {
    this.store = store;
    this.seal = seal;
    this.cache = cache;
    this.memory = memory;
    this.pages = new PageCache(memory.pageBytes());
  }

  /**
   * Opens a run whose length a listing has shown.
   *
   * @throws NoSuchFileException if there is no such run
   * @throws FormatException if it is damaged where it begins or ends, or is no run
   */
  public Run open(RunName name, long storedBytes) throws IOException {
    Optional<SealedItem> copy = cache.find(name, storedBytes);
    if (copy.isPresent()) {
      try {
        return open(name, storedBytes, copy.get());
      } catch (FormatException e) {
        LOG.warn("The cached copy of {} is fetched anew: {}", name, e.getMessage());
        cache.drop(name);
      }
    }
    return fetch(name, storedBytes, out -> download(name, storedBytes, out));
  }

  /** Opens a run, asking the store first how long it is. */
  public Run open(RunName name) throws IOException {
    Page listed = store.list(name.key(), "");
    if (listed.items().isEmpty()) {
      throw new NoSuchFileException(name.key());
    }
    return open(name, listed.items().get(0).size());
  }

  /** Opens a run that was just stored, without reading it back. */
  public Run adopt(SealedRun run) throws IOException {
    return fetch(run.name(), run.body().length(), run.body()::writeTo);
  }

  private Run fetch(RunName name, long storedBytes, RunCache.Copy copy) throws IOException {
    checkLength(name, storedBytes);
    if (!cache.lasts() && canHold(storedBytes)) {
      return hold(name, storedBytes, copy);
    }
    try {
      return open(name, storedBytes, cache.keep(name, storedBytes, copy));
    } catch (RunCache.UncachedException e) {
      LOG.warn("{} cannot be kept on this machine: {}", name, String.valueOf(e.getCause()));
    }
    return canHold(storedBytes)
        ? hold(name, storedBytes, copy)
        : open(name, storedBytes, remote(name));
  }

  private Run hold(RunName name, long storedBytes, RunCache.Copy copy) throws IOException {
    ArrayOutput bytes = new ArrayOutput((int) storedBytes);
    copy.to(Channels.newChannel(bytes));
    Run run = open(name, storedBytes, new SealedItem.Held(bytes.bytes()));
    synchronized (held) {
      held.add(new WeakReference<>(run));
    }
    return run;
  }

  /** Whether a run is short, and those held and still in use leave room for it. */
  private boolean canHold(long storedBytes) {
    if (storedBytes > SHORT_BYTES) {
      return false;
    }
    long taken = storedBytes;
    synchronized (held) {
      for (Iterator<WeakReference<Run>> i = held.iterator(); i.hasNext(); ) {
        Run run = i.next().get();
        if (run == null) {
          i.remove();
        } else {
          taken += run.storedBytes();
        }
      }
    }
    return taken <= memory.heldBytes();
  }

  private Run open(RunName name, long storedBytes, SealedItem near) throws IOException {
    try {
      SealedItem far = remote(name);
      RunPages opened = new RunPages(name, seal, storedBytes, near, far, () -> cache.drop(name));
      return new Run(opened, pages);
    } catch (NewerFormatException | RunDamagedException e) {
      throw e;
    } catch (FormatException e) {
      throw unopened(name, e);
    }
  }

  private void download(RunName name, long storedBytes, WritableByteChannel out)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, storedBytes));
    for (long offset = 0; offset < storedBytes; offset += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), storedBytes - offset));
      try {
        store.read(name.key(), offset, piece);
      } catch (EOFException e) {
        throw unopened(name, new FormatException("it is shorter than it was", e));
      }
      piece.flip();
      while (piece.hasRemaining()) {
        out.write(piece);
      }
    }
  }

  private SealedItem remote(RunName name) {
    return new SealedItem.Remote(store, name.key());
  }

  private static void checkLength(RunName name, long storedBytes) throws FormatException {
    try {
      RunLayout.pages(storedBytes);
    } catch (FormatException e) {
      throw unopened(name, e);
    }
  }

  private static FormatException unopened(RunName name, FormatException cause) {
    return new RunDamagedException(
        "The index run "
            + name
            + " cannot be opened: "
            + cause.getMessage()
            + ". Run check; repair can make the index anew from the packs",
        cause);
  }
}
