package dev.varve.examples.cli;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.SourceIdentity;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.Source;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceProvider;
import dev.varve.source.SourceRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A source of the scheme {@code troubled} with one file that can be read and one that cannot. */
public final class TroubledSource implements SourceProvider {

  /** For {@link java.util.ServiceLoader}. */
  public TroubledSource() {}

  @Override
  public String scheme() {
    return "troubled";
  }

  @Override
  public Source create(List<Location> locations, Options options) {
    String name = Location.only(locations).rest();
    String host = options.find("host").orElse("localhost");
    options.allRead();
    return new Source() {
      @Override
      public SourceIdentity identity() {
        return new SourceIdentity("troubled", name, host);
      }

      @Override
      public SourceRun begin(SourceContext context) {
        return new Run();
      }
    };
  }

  private static final class Run implements SourceRun {

    @Override
    public EntryCursor entries() {
      return EntryCursor.of(
          List.of(
              Entry.builder(EntryPath.of("fine"), EntryKind.FILE).size(4).build(),
              Entry.builder(EntryPath.of("torn"), EntryKind.FILE).size(4).build()));
    }

    @Override
    public Content open(Entry entry) throws IOException {
      if (entry.path().equals(EntryPath.of("torn"))) {
        throw new IOException("the page is torn");
      }
      return Content.of(
          entry, new ByteArrayInputStream("fine".getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {}
  }
}
