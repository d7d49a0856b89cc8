package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.target.Receiver;
import dev.varve.target.TargetContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Takes the pieces of files as they come, and gives each file its name when it is complete. What is
 * known of an unfinished file is in the staging directory, so that any number can be unfinished.
 * Safe for use by many threads.
 */
final class StagedFiles implements Receiver, Closeable {

  private static final int NAME_BYTES = 20;
  private static final String MISSING = ".missing";

  private final TargetSettings settings;
  private final Staging staging;
  private final Folders folders;
  private final Admission admission;
  private final Publisher publisher;
  private final Metadata metadata;
  private final HardLinkLeaders leaders;
  private final TargetContext context;
  private final OpenFiles open = new OpenFiles();
  private volatile boolean anyMissing;

  StagedFiles(Restoration.Parts parts) {
    this.settings = parts.settings();
    this.staging = parts.staging();
    this.folders = parts.folders();
    this.admission = parts.admission();
    this.publisher = parts.publisher();
    this.metadata = parts.metadata();
    this.leaders = parts.leaders();
    this.context = parts.context();
  }

  @Override
  public void receive(Entry entry, long offset, ByteBuffer piece) throws IOException {
    try (OpenFiles.Loan loan = borrow(entry)) {
      Pieces.write(loan.file(), offset, piece);
    }
  }

  @Override
  public void missing(Entry entry, Hole hole) throws IOException {
    anyMissing = true;
    String line = hole.offset() + " " + hole.length() + " " + hole.reason() + "\n";
    Files.writeString(
        staged(entry, MISSING),
        line,
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Override
  public void complete(Entry entry) throws IOException {
    try (OpenFiles.Loan loan = borrow(entry)) {
      if (loan.file().size() < entry.size()) {
        loan.file().write(ByteBuffer.allocate(1), entry.size() - 1);
      }
    } finally {
      open.forget(entry.path());
    }
    Place place = Place.of(entry, settings.strip).orElseThrow();
    Path whole = staged(entry, "");
    if (anyMissing && Files.exists(staged(entry, MISSING))) {
      publish(entry, place.withEnding(".incomplete"), whole);
      publish(entry, place.withEnding(MISSING), staged(entry, MISSING));
      context.warn(
          entry.path(),
          "pieces of it are lost: restored as NAME.incomplete, NAME.missing lists the pieces");
      return;
    }
    publish(entry, place, whole);
    context.restored(entry);
  }

  @Override
  public void close() throws IOException {
    open.close();
  }

  private OpenFiles.Loan borrow(Entry entry) throws IOException {
    return open.borrow(
        entry.path(),
        () ->
            FileChannel.open(
                staged(entry, ""), StandardOpenOption.WRITE, StandardOpenOption.CREATE));
  }

  private void publish(Entry entry, Place place, Path staged) throws IOException {
    boolean whole = !staged.toString().endsWith(MISSING);
    if (whole) {
      metadata.applyToNew(staged, entry);
    }
    if (whole) {
      leaders.keep(entry, staged);
    }
    try (Folders.Loan loan = folders.borrow(place.parent())) {
      Folder folder = loan.folder();
      Path name = place.name();
      // Together, so that of two files of the same name the second is found to be one.
      synchronized (publisher.lock(place)) {
        if (admission.judge(folder, name, entry) == Admission.Verdict.REPLACE_TREE) {
          folders.forget(place);
          Purge.deleteTree(folder, name);
        }
        publisher.publish(folder, name, staged.getFileName(), at -> copy(entry, staged, at, whole));
      }
    }
  }

  private void copy(Entry entry, Path staged, Path at, boolean whole) throws IOException {
    Files.copy(staged, at);
    if (whole) {
      metadata.apply(at, entry);
    }
  }

  /** The same name for the same entry, without anything being remembered. */
  private Path staged(Entry entry, String ending) {
    byte[] hash = sha256().digest(entry.path().bytes());
    return staging.path().resolve(HexFormat.of().formatHex(hash, 0, NAME_BYTES) + ending);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
