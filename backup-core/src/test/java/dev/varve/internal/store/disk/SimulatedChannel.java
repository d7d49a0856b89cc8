package dev.varve.internal.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** An open file or directory of a simulated disk; only what a store does with one. */
final class SimulatedChannel extends FileChannel {

  /** Small, so that items are written by several writes. */
  private static final int WRITE_BYTES = 1500;

  private final SimulatedDisk disk;
  private final Path path;
  private final Inode inode;
  private int position;

  SimulatedChannel(SimulatedDisk disk, Path path, Inode inode) {
    this.disk = disk;
    this.path = path;
    this.inode = inode;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    byte[] bytes = new byte[Math.min(from.remaining(), WRITE_BYTES)];
    disk.write(path, inode, position, bytes(from, bytes));
    position += bytes.length;
    return bytes.length;
  }

  private static byte[] bytes(ByteBuffer from, byte[] into) {
    from.get(into);
    return into;
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    if (inode.directory) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    byte[] bytes = inode.bytes();
    if (offset >= bytes.length) {
      return into.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(into.remaining(), bytes.length - offset);
    into.put(bytes, (int) offset, count);
    return count;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    disk.force(path, inode);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long size() {
    return inode.bytes().length;
  }

  @Override
  protected void implCloseChannel() {}

  @Override
  public int read(ByteBuffer into) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from, long at) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long at) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    throw new IOException("No locks available");
  }
}
