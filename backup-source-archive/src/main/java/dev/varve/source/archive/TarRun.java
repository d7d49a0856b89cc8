package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.source.Content;
import dev.varve.source.EntryCursor;
import dev.varve.source.SourceContext;
import dev.varve.source.SourceRun;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a tar archive in a file, whoever made it: lists its headers, sorts them, and reads contents
 * where they are. Used by one thread at a time, but for closing a content.
 */
final class TarRun implements SourceRun {

  private static final int LISTING_BUFFER_BYTES = 8 << 10;
  private static final int READING_BUFFER_BYTES = 128 << 10;

  /** How many files with several names there may be; each is remembered. */
  private static final int MOST_LINKED_FILES = 1_000_000;

  private final FileChannel file;
  private final Optional<Description> description;
  private final Expansion expansion;
  private final SourceContext context;
  private final Revisions revisions = new Revisions();
  private final Listed listed = new Listed();

  /** Files that links point to, and where their content is, once it was met. */
  private final Map<EntryPath, Optional<Long>> linked = new HashMap<>();

  private TarRun(
      FileChannel file,
      Optional<Description> description,
      Expansion expansion,
      SourceContext context) {
    this.file = file;
    this.description = description;
    this.expansion = expansion;
    this.context = context;
  }

  /** Begins to read the archive in {@code file}, which the run closes, also if this fails. */
  static TarRun of(
      FileChannel file,
      Optional<Description> description,
      Expansion expansion,
      SourceContext context)
      throws IOException {
    TarRun run = new TarRun(file, description, expansion, context);
    boolean listed = false;
    try {
      run.findLinks();
      run.list();
      listed = true;
      return run;
    } finally {
      if (!listed) {
        run.close();
      }
    }
  }

  @Override
  public EntryCursor entries() {
    return () -> listed.next().map(this::marked);
  }

  private Entry marked(Entry entry) {
    return entry.hardLinkGroup().isEmpty() || !entry.kind().hasContent()
        ? entry
        : entry.toBuilder().revision(revisions.of(listed.place())).build();
  }

  @Override
  public Content open(Entry entry) throws IOException {
    TarReader reader = reader(listed.place(), READING_BUFFER_BYTES);
    if (reader.next().isEmpty()) {
      throw TarInput.truncated();
    }
    return new PlacedContent(entry, reader);
  }

  @Override
  public int parallelReads() {
    return 1;
  }

  @Override
  public Optional<Origin> origin() {
    return description.map(said -> new Origin(said.time(), said.tags()));
  }

  @Override
  public void close() throws IOException {
    try (file) {
      listed.close();
    }
  }

  private TarReader reader(long position, int bufferBytes) {
    BufferedInputStream in = new BufferedInputStream(new FileRegion(file, position), bufferBytes);
    return new TarReader(new TarInput(in, position), expansion);
  }

  private void findLinks() throws IOException {
    TarReader reader = reader(0, LISTING_BUFFER_BYTES);
    Set<EntryPath> targets = new HashSet<>();
    for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
      checkGoingOn();
      if (next.get().type() == TarMember.Type.HARD_LINK) {
        TarNames.pathOf(next.get().link(), false).ifPresent(targets::add);
        if (targets.size() > MOST_LINKED_FILES) {
          throw new IOException(
              "The archive is refused: it has links to more than " + MOST_LINKED_FILES + " files");
        }
      }
    }
    targets.forEach(target -> linked.put(target, Optional.empty()));
  }

  private void list() throws IOException {
    TarReader reader = reader(0, LISTING_BUFFER_BYTES);
    for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
      checkGoingOn();
      long position = reader.memberPosition();
      TarMember member = next.get();
      Optional<Entry> entry = Members.entry(member);
      if (entry.isPresent() && reader.brokenBefore()) {
        context.warn(entry.get().path(), "Left out: it was damaged when it was exported");
      } else if (entry.isPresent()) {
        list(member, entry.get(), position);
      }
    }
  }

  private void list(TarMember member, Entry entry, long position) throws IOException {
    boolean link = member.type() == TarMember.Type.HARD_LINK;
    Optional<EntryPath> file =
        linked.isEmpty()
            ? Optional.empty()
            : TarNames.pathOf(link ? member.link() : member.name(), false);
    if (!link) {
      if (file.isPresent() && entry.kind().hasContent() && linked.containsKey(file.get())) {
        linked.put(file.get(), Optional.of(position));
        listed.add(grouped(entry, position), position);
      } else {
        listed.add(entry, position);
      }
      return;
    }
    Optional<Long> content = file.flatMap(target -> linked.getOrDefault(target, Optional.empty()));
    if (content.isEmpty()) {
      context.warn(
          entry.path(),
          "Left out: it is another name of '"
              + TarNames.shown(member.link())
              + "', which does not come before it in the archive");
      return;
    }
    TarNames.pathOf(member.name(), false)
        .filter(linked::containsKey)
        .ifPresent(name -> linked.put(name, content));
    listed.add(grouped(entry, content.get()), content.get());
  }

  /** Archives of others name no groups: the place of the content is one. */
  private static Entry grouped(Entry entry, long content) {
    return entry.hardLinkGroup().isPresent()
        ? entry
        : entry.toBuilder().hardLinkGroup(content).build();
  }

  private void checkGoingOn() throws IOException {
    if (context.cancelled()) {
      throw new IOException("The import was cancelled");
    }
  }

  /** A content where the archive holds it. */
  private static final class PlacedContent implements Content {

    private final Entry entry;
    private final TarReader reader;
    private boolean closed;

    PlacedContent(Entry entry, TarReader reader) {
      this.entry = entry;
      this.reader = reader;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
      if (closed) {
        throw new IOException(entry.path() + " was closed while it was read");
      }
      return Pieces.read(reader::read, into);
    }

    @Override
    public Entry finished() {
      return entry;
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }
}
