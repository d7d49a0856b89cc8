package dev.varve.internal.store.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/** The attributes of a file as the JDK wants them. */
record SimulatedAttributes(Map<String, Object> values) implements BasicFileAttributes {

  private Object value(String name) {
    return Objects.requireNonNull(values.get(name));
  }

  @Override
  public FileTime lastModifiedTime() {
    return (FileTime) value("lastModifiedTime");
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime();
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime();
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory();
  }

  @Override
  public boolean isDirectory() {
    return (Boolean) value("isDirectory");
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public long size() {
    return (Long) value("size");
  }

  @Override
  public Object fileKey() {
    throw new UnsupportedOperationException();
  }
}
