package dev.varve.source.stream;

import dev.varve.Entry;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceLostException;
import dev.varve.source.SourceRun;
import java.io.IOException;
import java.io.InputStream;

/**
 * What streams of the host application give, each an entry. Immutable: each setting gives another
 * source.
 *
 * <p>A stream that fails fails the backup, which then commits nothing. One that ends early without
 * failing cannot be told from a complete one: a pipe whose writer was killed simply ends. Where
 * that can happen, let a {@link CommandSource} run the writer, whose exit code counts.
 *
 * <p>Streams are opened one after the other, ascending by the names of their entries, anew for each
 * backup. Closing one from another thread, which cancelling does, must end a read that blocks. The
 * snapshots are those of {@code stream:<names of the entries>@<this machine>} unless that is set.
 */
public final class StreamSource implements Source {

  private final StreamEntries<Opener> entries;

  /** Opens a stream at its beginning. */
  @FunctionalInterface
  public interface Opener {

    /**
     * The stream, which the backup closes.
     *
     * @throws IOException if there is none; the backup then commits nothing
     */
    InputStream open() throws IOException;
  }

  private StreamSource(StreamEntries<Opener> entries) {
    this.entries = entries;
  }

  /**
   * A source of one stream, the content of {@code entry}, e.g. {@code orders.sql}.
   *
   * @throws dev.varve.ConfigurationException if that cannot be an entry's name
   */
  public static StreamSource of(String entry, Opener stream) {
    return new StreamSource(StreamEntries.of("stream", entry, stream));
  }

  /**
   * This source and another stream.
   *
   * @throws dev.varve.ConfigurationException if the entry's name cannot be one or is taken
   */
  public StreamSource and(String entry, Opener stream) {
    return new StreamSource(entries.and(entry, stream));
  }

  /** This source, its snapshots being those of {@code name}. */
  public StreamSource named(String name) {
    return new StreamSource(entries.named(name));
  }

  /**
   * This source, its snapshots being those of {@code host} instead of the environment variable
   * {@code VARVE_HOST} or else this machine's name.
   */
  public StreamSource host(String host) {
    return new StreamSource(entries.host(host));
  }

  @Override
  public SourceIdentity identity() {
    return entries.identity();
  }

  @Override
  public SourceRun begin(SourceContext context) {
    return new StreamRun(entries.parts().keySet(), 1, this::open);
  }

  @Override
  public String toString() {
    return "streams for " + entries.described();
  }

  private Content open(Entry entry) throws IOException {
    try {
      return new InputContent(entry, entries.part(entry.path()).open());
    } catch (IOException failure) {
      throw new SourceLostException(
          "The stream for " + entry.path() + " cannot be opened: " + failure, failure);
    }
  }
}
