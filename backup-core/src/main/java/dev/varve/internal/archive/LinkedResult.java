package dev.varve.internal.archive;

import dev.varve.Entry;
import dev.varve.internal.catalog.CatalogEntry;
import dev.varve.internal.task.Threads;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The result for a further name of a file whose content is being read under another name: the same
 * content if the file did not change in between, else it is read again.
 *
 * @param first the result for the other name, which stands before this one
 * @param entry the further name
 * @param again reads the content
 * @param shared hears of the result where it is the other name's content
 */
record LinkedResult(
    Result first, Entry entry, Supplier<Result> again, Consumer<CatalogEntry> shared)
    implements Result {

  @Override
  public boolean ready() {
    return first.ready();
  }

  @Override
  public void settle() {
    first.settle();
  }

  @Override
  public Optional<CatalogEntry> await(Threads.Tick tick) throws IOException {
    Optional<CatalogEntry> same = same(first.await(tick), entry);
    if (same.isEmpty()) {
      return again.get().await(tick);
    }
    shared.accept(same.get());
    return same;
  }

  /** The further name with the content of {@code first}, which was read, if it is the same. */
  static Optional<CatalogEntry> ifSame(Result first, Entry entry) throws IOException {
    return first.ready() ? same(first.await(() -> {}), entry) : Optional.empty();
  }

  private static Optional<CatalogEntry> same(Optional<CatalogEntry> other, Entry entry) {
    if (other.isEmpty()
        || entry.revision().isEmpty()
        || !entry.revision().equals(other.get().entry().revision())) {
      return Optional.empty();
    }
    long size = other.get().entry().size();
    return Optional.of(
        new CatalogEntry(
            entry.toBuilder().size(size).build(), other.get().content(), other.get().problem()));
  }
}
