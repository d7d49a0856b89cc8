package dev.varve.testkit;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** One view of a {@link MemorySource}; notes what is done against the contract. Thread safe. */
final class MemoryRun implements SourceRun {

  private final SortedMap<EntryPath, MemoryFile> files;
  private final List<Entry> disorderly;
  private final int parallelReads;
  private final Optional<EntryPath> cursorFailure;
  private final Optional<String> finishFailure;
  private final MemoryNotes notes;
  private final Set<EntryPath> shown = new HashSet<>();
  private Optional<EntryPath> lastShown = Optional.empty();
  private int openContents;
  private boolean cursorTaken;
  private boolean finished;
  private boolean closed;

  MemoryRun(
      SortedMap<EntryPath, MemoryFile> files,
      List<Entry> disorderly,
      int parallelReads,
      Optional<EntryPath> cursorFailure,
      Optional<String> finishFailure,
      MemoryNotes notes) {
    this.files = files;
    this.disorderly = disorderly;
    this.parallelReads = parallelReads;
    this.cursorFailure = cursorFailure;
    this.finishFailure = finishFailure;
    this.notes = notes;
  }

  @Override
  public synchronized EntryCursor entries() {
    notes.require(!cursorTaken, "a second cursor was asked for");
    notes.require(!closed, "a cursor was asked for after closing");
    cursorTaken = true;
    List<Entry> entries = new ArrayList<>();
    files.values().forEach(file -> entries.add(file.entry()));
    entries.addAll(disorderly);
    Iterator<Entry> iterator = entries.iterator();
    return () -> next(iterator);
  }

  @Override
  public Content open(Entry entry) throws IOException {
    MemoryFile file = register(entry);
    EntryPath path = entry.path();
    notes.opened(path);
    switch (file.fault().orElse(ContentFault.BREAKS)) {
      case VANISHED -> throw failed(new NoSuchFileException(path.toString()));
      case DENIED -> throw failed(new AccessDeniedException(path.toString(), null, "not yours"));
      case SOURCE_LOST -> throw failed(new SourceLostException("The server went away"));
      default -> {
        return new MemoryContent(file, notes, this::contentClosed);
      }
    }
  }

  @Override
  public int parallelReads() {
    return parallelReads;
  }

  @Override
  public synchronized void finish() throws IOException {
    notes.require(!finished, "finish was called twice");
    notes.require(!closed, "finish was called after closing");
    notes.require(openContents == 0, "finish was called with contents open");
    finished = true;
    if (finishFailure.isPresent()) {
      throw new IOException(finishFailure.get());
    }
  }

  @Override
  public synchronized void close() {
    notes.require(openContents == 0, "the run was closed with contents open");
    closed = true;
  }

  private synchronized Optional<Entry> next(Iterator<Entry> iterator) throws IOException {
    notes.require(!closed, "the cursor was moved after closing");
    notes.require(
        parallelReads > 1 || openContents == 0, "the cursor was moved with a content open");
    if (!iterator.hasNext()) {
      lastShown = Optional.empty();
      return Optional.empty();
    }
    Entry entry = iterator.next();
    if (cursorFailure.equals(Optional.of(entry.path()))) {
      throw new IOException("Cannot list any further than " + entry.path());
    }
    lastShown = Optional.of(entry.path());
    shown.add(entry.path());
    return Optional.of(entry);
  }

  private synchronized MemoryFile register(Entry entry) {
    EntryPath path = entry.path();
    notes.require(!closed, path + " was opened after closing");
    notes.require(!finished, path + " was opened after finishing");
    notes.require(shown.contains(path), path + " was opened before the cursor showed it");
    notes.require(entry.kind().hasContent(), path + " was opened and has no content");
    notes.require(openContents < parallelReads, path + " was opened with too many others open");
    notes.require(
        parallelReads > 1 || lastShown.equals(Optional.of(path)),
        path + " was opened after the cursor had moved on");
    MemoryFile file = files.get(path);
    if (file == null) {
      throw new IllegalArgumentException("There is no '" + path + "'");
    }
    openContents++;
    return file;
  }

  private synchronized void contentClosed() {
    openContents--;
  }

  private IOException failed(IOException failure) {
    contentClosed();
    return failure;
  }
}
