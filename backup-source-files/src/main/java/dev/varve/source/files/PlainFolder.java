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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A folder known by its path, where the platform has nothing better. Links are looked for, but one
 * could be put in place between looking and doing.
 */
record PlainFolder(Path anchor) implements Folder {

  @Override
  public Folder enter(Path name) throws IOException {
    Path child = anchor.resolve(name);
    BasicFileAttributes found =
        Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw new NotDirectoryException(child.toString());
    }
    return new PlainFolder(child);
  }

  @Override
  public Optional<BasicFileAttributes> look(Path name) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(
              anchor.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public Stat stat(Path name) throws IOException {
    return Stat.of(anchor.resolve(name));
  }

  @Override
  public Stat stat() throws IOException {
    return Stat.of(anchor);
  }

  @Override
  public byte[] linkTarget(Path name) throws IOException {
    return RawNames.linkTarget(Files.readSymbolicLink(anchor.resolve(name)));
  }

  @Override
  public Optional<Pin> pin(Path name) {
    return Optional.empty();
  }

  @Override
  public Path path() {
    return anchor;
  }

  @Override
  public List<Path> names() throws IOException {
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(anchor)) {
      for (Path child : children) {
        names.add(child.getFileName());
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return names;
  }

  @Override
  public void take(Folder from, Path fromName, Path name) throws IOException {
    Files.move(
        from.anchor().resolve(fromName), anchor.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path name) throws IOException {
    Files.delete(anchor.resolve(name));
  }

  @Override
  public void deleteFolder(Path name) throws IOException {
    Files.delete(anchor.resolve(name));
  }

  @Override
  public FileChannel read(Path name) throws IOException {
    return FileChannel.open(
        anchor.resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void setModified(FileTime time) throws IOException {
    Files.getFileAttributeView(anchor, BasicFileAttributeView.class).setTimes(time, time, null);
  }

  @Override
  public Object key() {
    try {
      BasicFileAttributes self = Files.readAttributes(anchor, BasicFileAttributes.class);
      return Objects.requireNonNullElse(self.fileKey(), anchor);
    } catch (IOException gone) {
      return anchor;
    }
  }

  @Override
  public void close() {}
}
