package dev.varve.source.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A folder held by a descriptor, so that its calls are the {@code …at} calls of the system. */
final class SecureFolder implements Folder {

  private static final Path HERE = Path.of(".");

  private final SecureDirectoryStream<Path> stream;
  private final Path path;
  private final Descriptors descriptors;
  private final Object key;
  private volatile @Nullable Path anchor;
  private Optional<Pin> pin = Optional.empty();
  private boolean pinSought;

  /**
   * @param path where it was found; only looked at, and only believed if it is still there
   */
  SecureFolder(SecureDirectoryStream<Path> stream, Path path, Descriptors descriptors)
      throws IOException {
    this.stream = stream;
    this.path = path;
    this.descriptors = descriptors;
    BasicFileAttributes self =
        stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    this.key = Objects.requireNonNullElse(self.fileKey(), this);
  }

  @Override
  public Folder enter(Path name) throws IOException {
    // Opening a pipe would wait for a writer for ever, so look first.
    Optional<BasicFileAttributes> there = look(name);
    if (there.isEmpty()) {
      throw new NoSuchFileException(name.toString());
    }
    if (!there.get().isDirectory()) {
      throw new NotDirectoryException(name.toString());
    }
    SecureDirectoryStream<Path> child = stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    boolean entered = false;
    try {
      Folder folder = new SecureFolder(child, path.resolve(name), descriptors);
      entered = true;
      return folder;
    } finally {
      if (!entered) {
        child.close();
      }
    }
  }

  @Override
  public Optional<BasicFileAttributes> look(Path name) throws IOException {
    Optional<Pin> held = pinned();
    if (held.isPresent() && descriptors.isMissing(held.get(), name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          stream
              .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public Stat stat(Path name) throws IOException {
    Optional<Object> child = look(name).map(BasicFileAttributes::fileKey);
    try {
      Stat stat = Stat.of(path.resolve(name));
      if (child.isPresent() && stat.key().equals(child)) {
        return stat;
      }
    } catch (IOException elsewhereNow) {
      return Stat.of(anchor().resolve(name));
    }
    return Stat.of(anchor().resolve(name));
  }

  @Override
  public Stat stat() throws IOException {
    try {
      Stat stat = Stat.of(path);
      if (stat.key().equals(Optional.of(key))) {
        return stat;
      }
    } catch (IOException elsewhereNow) {
      return Stat.of(anchor().resolve(HERE));
    }
    return Stat.of(anchor().resolve(HERE));
  }

  @Override
  public byte[] linkTarget(Path name) throws IOException {
    try {
      return RawNames.linkTarget(Files.readSymbolicLink(path.resolve(name)));
    } catch (IOException elsewhereNow) {
      return RawNames.linkTarget(Files.readSymbolicLink(anchor().resolve(name)));
    }
  }

  @Override
  public Optional<Pin> pin(Path name) throws IOException {
    Optional<Object> child = look(name).map(BasicFileAttributes::fileKey);
    if (child.isEmpty()) {
      throw new NoSuchFileException(name.toString());
    }
    Optional<Pin> quick = descriptors.pin(path.resolve(name), child.get());
    return quick.isPresent() ? quick : descriptors.pin(anchor().resolve(name), child.get());
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> names() throws IOException {
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> again = stream.newDirectoryStream(HERE, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : again) {
        names.add(child.getFileName());
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return names;
  }

  @Override
  public void take(Folder from, Path fromName, Path name) throws IOException {
    ((SecureFolder) from).stream.move(fromName, stream, name);
  }

  @Override
  public void delete(Path name) throws IOException {
    stream.deleteFile(name);
  }

  @Override
  public void deleteFolder(Path name) throws IOException {
    stream.deleteDirectory(name);
  }

  @Override
  public FileChannel read(Path name) throws IOException {
    return (FileChannel)
        stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public void setModified(FileTime time) throws IOException {
    if (descriptors.setNanoseconds()) {
      stream.getFileAttributeView(BasicFileAttributeView.class).setTimes(time, time, null);
    } else {
      Files.getFileAttributeView(descriptors.likely(key), BasicFileAttributeView.class)
          .setTimes(time, time, null);
    }
  }

  @Override
  public Object key() {
    return key;
  }

  @Override
  public Path anchor() throws IOException {
    Path known = anchor;
    return known == null ? findAnchor() : known;
  }

  private synchronized Path findAnchor() throws IOException {
    Path found = anchor;
    if (found == null) {
      Optional<Pin> held = pinned();
      found = held.isPresent() ? held.get().path() : descriptors.sure(key);
      anchor = found;
    }
    return found;
  }

  /** Holds the directory by a descriptor that is known, if it still is where it was found. */
  private synchronized Optional<Pin> pinned() {
    if (!pinSought) {
      pinSought = true;
      pin = descriptors.pin(path, key);
    }
    return pin;
  }

  /** Finds the anchor of a directory that nobody else has open, and learns how to from then on. */
  Path learn() throws IOException {
    Path found = descriptors.learn(stream, key);
    anchor = found;
    return found;
  }

  @Override
  public synchronized void close() throws IOException {
    pin.ifPresent(Pin::close);
    pin = Optional.empty();
    stream.close();
  }
}
