package dev.varve.examples.cli;

import dev.varve.BackupException;
import dev.varve.repository.Repository;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The repositories given after one, each opened when it is asked for; one that cannot be is named
 * and passed over. Used by one thread at a time, and iterated once.
 */
final class FurtherRepositories implements Iterable<Repository>, AutoCloseable {

  private final Varve varve;
  private final List<Repository> opened = new ArrayList<>();
  private int number;

  /** Those from a number on, counted from 0. */
  FurtherRepositories(Varve varve, int number) {
    this.varve = varve;
    this.number = number;
  }

  @Override
  public Iterator<Repository> iterator() {
    return new Iterator<>() {
      private Optional<Repository> next = Optional.empty();

      @Override
      public boolean hasNext() {
        while (next.isEmpty() && number < varve.count()) {
          next = open(number++);
        }
        return next.isPresent();
      }

      @Override
      public Repository next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Repository repository = next.orElseThrow();
        next = Optional.empty();
        return repository;
      }
    };
  }

  private Optional<Repository> open(int which) {
    try {
      Repository repository = varve.open(which, false);
      opened.add(repository);
      return Optional.of(repository);
    } catch (BackupException | FailureException e) {
      varve.surroundings().err().println("varve: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    opened.forEach(Repository::close);
  }
}
