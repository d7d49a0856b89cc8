package dev.varve.source.archive;

import dev.varve.SourceIdentity;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads an archive: tar, also compressed by gzip, zstd or bzip2, or zip, whoever made it; what it
 * is is told by its bytes. Immutable, but for a stream, which is read once.
 *
 * <p>An archive made by {@link ArchiveTarget} gives back the snapshot it holds: source, time, tags
 * and all of every entry but the revisions, by which a later backup would believe a file unchanged
 * that it did not read. Such a tar is read in one pass; the contents of others that are compressed
 * or come as a stream are kept in a temporary file, because their entries come in any order.
 *
 * <p>Archives are not trusted: names that are absolute or lead outside, absurd sizes, and archives
 * that end too early are refused, and nothing is committed. Nothing says who made one: import only
 * from where you would restore from.
 */
public final class ArchiveSource implements Source {

  private final Origin origin;
  private final Optional<SourceIdentity> chosen;
  private final Optional<String> name;
  private final Optional<String> host;
  private final long mostExpansion;

  private ArchiveSource(
      Origin origin,
      Optional<SourceIdentity> chosen,
      Optional<String> name,
      Optional<String> host,
      long mostExpansion) {
    this.origin = origin;
    this.chosen = chosen;
    this.name = name;
    this.host = host;
    this.mostExpansion = mostExpansion;
  }

  /** The archive in {@code file}. */
  public static ArchiveSource of(Path file) {
    return of(Origin.of(file));
  }

  /** An archive that comes as a stream, which is closed when it was read. */
  public static ArchiveSource of(InputStream stream) {
    return of(Origin.of(stream));
  }

  private static ArchiveSource of(Origin origin) {
    return new ArchiveSource(
        origin, Optional.empty(), Optional.empty(), Optional.empty(), Expansion.DEFAULT_FACTOR);
  }

  /** The same as a source of another identity, whatever the archive says. */
  public ArchiveSource as(SourceIdentity identity) {
    return new ArchiveSource(origin, Optional.of(identity), name, host, mostExpansion);
  }

  /** The same under another name. */
  public ArchiveSource named(String name) {
    return new ArchiveSource(origin, chosen, Optional.of(name), host, mostExpansion);
  }

  /** The same on another host. */
  public ArchiveSource host(String host) {
    return new ArchiveSource(origin, chosen, name, Optional.of(host), mostExpansion);
  }

  /**
   * The same, but allowed to unpack to {@code times} its length, from 1; normally 1100 times, which
   * no honest compression but that of very empty files reaches. The first GiB is free.
   */
  public ArchiveSource mostExpansion(long times) {
    if (times < 1) {
      throw new IllegalArgumentException("An archive unpacks to at least its length");
    }
    return new ArchiveSource(origin, chosen, name, host, times);
  }

  /**
   * The identity given, else that of the snapshot the archive holds, else {@code archive:} and the
   * file's name at this machine; the first look at a stream waits for its beginning.
   */
  @Override
  public SourceIdentity identity() {
    SourceIdentity said = chosen.orElseGet(this::told);
    return new SourceIdentity(said.kind(), name.orElse(said.name()), host.orElse(said.host()));
  }

  @Override
  public SourceRun begin(SourceContext context) throws IOException {
    return origin.open(new Expansion(mostExpansion)).begin(context);
  }

  @Override
  public String toString() {
    return origin.toString();
  }

  private SourceIdentity told() {
    try {
      Optional<Description> description = origin.description();
      if (description.isPresent()) {
        return description.get().source();
      }
    } catch (IOException | UncheckedIOException e) {
      // Beginning to read it will fail too, and say why.
      return new SourceIdentity("archive", origin.name(), "unknown");
    }
    return new SourceIdentity("archive", origin.name(), host.orElseGet(SourceIdentity::thisHost));
  }
}
