package dev.varve.internal.store.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hands the calls of {@code java.nio.file.Files} to the disk; only those a store makes. */
final class SimulatedProvider extends FileSystemProvider {

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SimulatedDisk disk = SimulatedPath.disk(path);
    return new SimulatedChannel(disk, path, inode(disk, path, options));
  }

  private static Inode inode(SimulatedDisk disk, Path path, Set<? extends OpenOption> options)
      throws IOException {
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      return disk.createFile(path);
    }
    try {
      return disk.open(path);
    } catch (NoSuchFileException missing) {
      if (options.contains(StandardOpenOption.CREATE)) {
        return disk.createFile(path);
      }
      throw missing;
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> children = SimulatedPath.disk(path).list(path).stream().map(path::resolve).toList();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return children.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    SimulatedPath.disk(path).createDirectory(path);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    SimulatedPath.disk(link).link(link, existing);
  }

  @Override
  public void delete(Path path) throws IOException {
    SimulatedPath.disk(path).delete(path);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    SimulatedPath.disk(source).rename(source, target);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    SimulatedDisk disk = SimulatedPath.disk(one);
    return disk.find(one) == disk.find(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    return SimulatedFileStore.ALL;
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    SimulatedPath.disk(path).attributes(path);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return type.cast(new SimulatedAttributes(SimulatedPath.disk(path).attributes(path)));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return SimulatedPath.disk(path).attributes(path);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
