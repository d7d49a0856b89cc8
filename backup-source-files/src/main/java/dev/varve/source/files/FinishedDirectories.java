package dev.varve.source.files;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.target.TargetContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * What is set of directories last, the deepest first: what is put into a directory changes its time
 * and needs its mode to allow it. They wait in a temporary file without a name, which is read from
 * its end. Used by one thread.
 */
final class FinishedDirectories implements Closeable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final FileChannel file;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER_BYTES);

  private FinishedDirectories(FileChannel file) {
    this.file = file;
  }

  static FinishedDirectories create() throws IOException {
    Path name = Files.createTempFile("varve-restore-", ".tmp");
    return new FinishedDirectories(
        FileChannel.open(
            name,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /**
   * Adds a directory; those above it were added before.
   *
   * @param made whether it was made by this restore, with all but what comes last
   */
  void add(Place place, Entry entry, boolean made) throws IOException {
    Optional<Posix> posix = entry.posix();
    boolean narrow =
        posix.isPresent() && (posix.get().mode() & Metadata.OWNER_ALL) != Metadata.OWNER_ALL;
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(record);
    writeBytes(out, place.bytes());
    writeBytes(out, entry.path().bytes());
    out.writeBoolean(entry.modified().isPresent());
    if (entry.modified().isPresent()) {
      Instant time = entry.modified().get();
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
    }
    out.writeBoolean(posix.isPresent() && (narrow || !made));
    if (posix.isPresent() && (narrow || !made)) {
      out.writeShort(posix.get().mode());
      out.writeInt((int) posix.get().uid());
      out.writeInt((int) posix.get().gid());
    }
    out.writeInt(record.size());
    buffer.writeBytes(record.toByteArray());
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Sets what is left to set, of all directories; what fails is reported. */
  void finish(Folders folders, Metadata metadata, TargetContext context) throws IOException {
    flush();
    if (!metadata.holdsQuickly()) {
      folders.keepFew();
    }
    long end = file.size();
    while (end > 0) {
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
      readFully(length, end - Integer.BYTES);
      int size = length.getInt(0);
      ByteBuffer record = ByteBuffer.allocate(size);
      end -= Integer.BYTES + size;
      readFully(record, end);
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(record.array()));
      Place place = Place.ofBytes(readBytes(in));
      EntryPath path = EntryPath.ofBytes(readBytes(in));
      try (Folders.Loan loan = folders.borrow(place)) {
        finish(loan.folder(), path, in, metadata);
      } catch (IOException failure) {
        context.warn(path, "its mode or time could not be set: " + Failures.reason(failure));
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static void finish(Folder folder, EntryPath path, DataInputStream in, Metadata metadata)
      throws IOException {
    Optional<Instant> time = Optional.empty();
    if (in.readBoolean()) {
      long seconds = in.readLong();
      time = Optional.of(Instant.ofEpochSecond(seconds, in.readInt()));
    }
    if (time.isPresent() && !time.get().equals(folder.stat().modified())) {
      metadata.setTime(folder, path, time.get());
    }
    if (in.readBoolean()) {
      int mode = in.readUnsignedShort();
      long uid = Integer.toUnsignedLong(in.readInt());
      long gid = Integer.toUnsignedLong(in.readInt());
      metadata.adjustFolder(
          folder,
          path,
          new Posix(mode, uid, gid, Optional.empty(), Optional.empty(), Optional.empty()));
    }
  }

  private void flush() throws IOException {
    Channels.newOutputStream(file).write(buffer.toByteArray());
    buffer.reset();
  }

  private void readFully(ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int count = file.read(into, at);
      if (count < 0) {
        throw new IOException("The list of directories to finish ended early");
      }
      at += count;
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
