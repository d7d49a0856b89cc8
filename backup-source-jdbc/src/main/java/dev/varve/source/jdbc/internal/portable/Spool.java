package dev.varve.source.jdbc.internal.portable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/** Keeps values of one row that are too large for memory in files of their own. */
final class Spool {

  private final Map<Integer, FileChannel> files = new TreeMap<>();

  boolean has(int field) {
    return !files.isEmpty() && files.containsKey(field);
  }

  void append(int field, byte[] bytes, int from, int to) throws IOException {
    FileChannel file = files.get(field);
    if (file == null) {
      file = create();
      files.put(field, file);
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, from, to - from);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  long length(int field) throws IOException {
    return file(field).size();
  }

  /** All of a value, from its beginning; one at a time for each field. */
  InputStream open(int field) throws IOException {
    return Channels.newInputStream(file(field).position(0));
  }

  byte[] all(int field) throws IOException {
    return open(field).readAllBytes();
  }

  void clear() throws IOException {
    for (FileChannel file : files.values()) {
      file.close();
    }
    files.clear();
  }

  private FileChannel file(int field) {
    FileChannel file = files.get(field);
    if (file == null) {
      throw new IllegalArgumentException("Value " + field + " is in memory");
    }
    return file;
  }

  /** A file that only this user can read, and that is gone when it is closed. */
  private static FileChannel create() throws IOException {
    Path path = Files.createTempFile("varve-value", ".tmp");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }
}
