package dev.varve.source.archive;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A tar archive being written. Used by one thread. */
final class TarPacking implements Packing {

  /** Stands where content could not be read, so that nothing looks like content. */
  private static final byte[] FILLER =
      "VARVE: THIS PART COULD NOT BE READ \n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final TarWriter tar;

  TarPacking(OutputStream out) {
    this.out = out;
    this.tar = new TarWriter(out);
  }

  @Override
  public void describe(Snapshot snapshot) throws IOException {
    tar.note(Description.of(snapshot));
  }

  @Override
  public Optional<String> refusal(Entry entry) {
    return Optional.empty();
  }

  @Override
  public Optional<String> loss(Entry entry) {
    return Optional.empty();
  }

  @Override
  public boolean holdsLinks() {
    return true;
  }

  @Override
  public void begin(Entry entry, Optional<Notes.Links> links) throws IOException {
    tar.begin(Members.of(entry, links));
  }

  @Override
  public void content(byte[] bytes, int offset, int length) throws IOException {
    tar.content(bytes, offset, length);
  }

  @Override
  public void end() throws IOException {
    if (tar.left() > 0) {
      throw new IllegalStateException("Content is missing");
    }
  }

  @Override
  public void endBroken(Entry entry) throws IOException {
    while (tar.left() > 0) {
      tar.content(FILLER, 0, (int) Math.min(FILLER.length, tar.left()));
    }
    tar.note(new Note().with(Notes.BROKEN, entry.path().toString()));
  }

  @Override
  public void link(Entry entry, EntryPath first, Notes.Links links) throws IOException {
    tar.begin(Members.linked(entry, first, links));
  }

  @Override
  public void finish() throws IOException {
    tar.finish();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
