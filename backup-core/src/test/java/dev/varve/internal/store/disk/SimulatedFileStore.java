package dev.varve.internal.store.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** A disk's only file store, with plenty of room. */
final class SimulatedFileStore extends FileStore {

  static final SimulatedFileStore ALL = new SimulatedFileStore();

  private static final long ROOM_BYTES = 1L << 40;

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public String type() {
    return "simulated";
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public long getTotalSpace() {
    return ROOM_BYTES;
  }

  @Override
  public long getUsableSpace() {
    return ROOM_BYTES;
  }

  @Override
  public long getUnallocatedSpace() {
    return ROOM_BYTES;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return false;
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException();
  }
}
