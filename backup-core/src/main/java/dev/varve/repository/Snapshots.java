package dev.varve.repository;

import dev.varve.ConfigurationException;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Snapshots of a repository as they were at one moment, ascending by time; those of one time in the
 * order of their commits. Immutable.
 */
public final class Snapshots {

  private static final int NAMED = 8;

  private final List<Snapshot> list;

  /** Takes snapshots in the order of their commits. */
  Snapshots(List<Snapshot> snapshots) {
    this.list = snapshots.stream().sorted(Comparator.comparing(Snapshot::time)).toList();
  }

  /** All of them. */
  public List<Snapshot> list() {
    return list;
  }

  /** All of them. */
  public Stream<Snapshot> stream() {
    return list.stream();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /** Those of one source. */
  public Snapshots of(SourceIdentity source) {
    return where(snapshot -> snapshot.source().equals(source));
  }

  /**
   * Those of one source.
   *
   * @param identity {@code kind:name@host}
   * @throws ConfigurationException if it is not of that form
   */
  public Snapshots of(String identity) {
    try {
      return of(SourceIdentity.parse(identity));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Those with this tag. */
  public Snapshots tagged(String name, String value) {
    return where(snapshot -> value.equals(snapshot.tags().get(name)));
  }

  /** Those made at or before {@code time}. */
  public Snapshots at(Instant time) {
    return where(snapshot -> !snapshot.time().isAfter(time));
  }

  /** The newest. */
  public Optional<Snapshot> latest() {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.get(list.size() - 1));
  }

  /** What they are of. */
  public SortedSet<SourceIdentity> sources() {
    return list.stream()
        .map(Snapshot::source)
        .collect(
            Collectors.toCollection(
                () -> new TreeSet<>(Comparator.comparing(SourceIdentity::toString))));
  }

  /**
   * The one whose id is, or begins with, {@code idOrPrefix}.
   *
   * @throws ConfigurationException if several begin so; it names them
   */
  public Optional<Snapshot> find(String idOrPrefix) {
    String prefix = idOrPrefix.toLowerCase(Locale.ROOT);
    List<Snapshot> found =
        prefix.isEmpty()
            ? List.of()
            : list.stream().filter(snapshot -> snapshot.id().hex().startsWith(prefix)).toList();
    if (found.size() > 1) {
      String names =
          found.stream()
              .limit(NAMED)
              .map(snapshot -> snapshot.id().hex())
              .collect(Collectors.joining(", "));
      throw new ConfigurationException(
          found.size() + " snapshots begin with " + prefix + "; give more digits: " + names);
    }
    return found.stream().findFirst();
  }

  private Snapshots where(Predicate<Snapshot> wanted) {
    return new Snapshots(list.stream().filter(wanted).toList());
  }
}
