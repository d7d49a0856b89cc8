package dev.varve.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of sealed pieces that a store was once asked for, each a file of a local directory, at
 * most so many bytes together. Safe for use by many threads and processes, and safe to delete at
 * any time. What cannot be kept or read here is as if it had never been kept.
 *
 * <p>A copy is trusted by nobody. The SHA-256 in front of it only tells what this disk spoiled; who
 * opens the seal decides whether it is good, keeps none that did not open, and asks the store if
 * one does not. Therefore this is no decorator of a store, which could not tell.
 *
 * <p>When all copies have more bytes than allowed, those that were not used for longest go. Several
 * processes notice that each by itself, and may be beyond by a sixteenth each.
 */
public final class ReadCache {

  private static final Logger LOG = LoggerFactory.getLogger(ReadCache.class);
  private static final int DIGEST_BYTES = 32;
  private static final int MOST_COPY_BYTES = 16 << 20;
  private static final int DISK_BLOCK_BYTES = 4096;
  private static final String UNFINISHED = ".tmp";
  private static final Duration UNFINISHED_FOR = Duration.ofDays(1);

  private final Optional<Path> directory;
  private final long mostBytes;
  private long written;
  private boolean counted;
  private boolean unusable;

  private ReadCache(Optional<Path> directory, long mostBytes) {
    this.directory = directory;
    this.mostBytes = mostBytes;
  }

  /** Keeps at most so many bytes in a directory, which is made when it is needed. */
  public static ReadCache in(Path directory, long mostBytes) {
    return new ReadCache(Optional.of(directory), mostBytes);
  }

  /** Keeps nothing. */
  public static ReadCache none() {
    return new ReadCache(Optional.empty(), 0);
  }

  /** Whether there is never any copy. */
  public boolean keepsNothing() {
    return directory.isEmpty();
  }

  /** The copy kept under a name, unless this disk has spoiled it. */
  public Optional<byte[]> find(String name) {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(directory.get(), name);
    try (FileChannel channel = FileChannel.open(file)) {
      byte[] whole = whole(channel);
      Optional<byte[]> copy = unwrap(name, whole);
      if (copy.isPresent()) {
        // Tells what is of use; on some file systems reading does not.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      } else {
        Files.deleteIfExists(file);
      }
      return copy;
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("A local copy of {} cannot be read: {}", name, e.toString());
      return Optional.empty();
    }
  }

  /** Keeps a copy under a name. */
  public void keep(String name, byte[] bytes) {
    if (directory.isEmpty()
        || bytes.length > Math.min(MOST_COPY_BYTES, mostBytes)
        || isUnusable()) {
      return;
    }
    Path there = directory.get();
    Path unfinished = there.resolve(UUID.randomUUID() + UNFINISHED);
    try {
      Files.createDirectories(there);
      try (FileChannel out =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer[] parts = {ByteBuffer.wrap(digest(name, bytes)), ByteBuffer.wrap(bytes)};
        while (parts[1].hasRemaining()) {
          out.write(parts);
        }
      }
      Files.move(unfinished, file(there, name), StandardCopyOption.ATOMIC_MOVE);
      account(there, onDisk(bytes.length));
    } catch (IOException e) {
      giveUp(there, e);
      remove(unfinished);
    }
  }

  /** Forgets the copy under a name. */
  public void drop(String name) {
    directory.ifPresent(there -> remove(file(there, name)));
  }

  private synchronized boolean isUnusable() {
    return unusable;
  }

  /** A full or forbidden disk is told once, and not asked again. */
  private synchronized void giveUp(Path there, IOException why) {
    if (!unusable) {
      unusable = true;
      LOG.warn("Nothing more can be kept in {}: {}", there, why.toString());
    }
  }

  private synchronized void account(Path there, long bytes) throws IOException {
    written += bytes;
    if (!counted || written > mostBytes / 16) {
      counted = true;
      written = 0;
      sweep(there);
    }
  }

  private record Kept(Path file, long bytes, FileTime used) {}

  private void sweep(Path there) throws IOException {
    List<Kept> all = new ArrayList<>();
    long sum = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(there)) {
      for (Path file : files) {
        try {
          FileTime used = Files.getLastModifiedTime(file);
          if (!file.toString().endsWith(UNFINISHED)) {
            all.add(new Kept(file, onDisk(Files.size(file)), used));
            sum += all.get(all.size() - 1).bytes();
          } else if (used.toInstant().isBefore(Instant.now().minus(UNFINISHED_FOR))) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException anotherWasQuicker) {
          LOG.debug("{} has gone", file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (sum <= mostBytes) {
      return;
    }
    all.sort(Comparator.comparing(Kept::used));
    long goal = mostBytes - mostBytes / 4;
    for (int i = 0; i < all.size() && sum > goal; i++) {
      remove(all.get(i).file());
      sum -= all.get(i).bytes();
    }
  }

  private static long onDisk(long bytes) {
    return (bytes + DIGEST_BYTES + DISK_BLOCK_BYTES - 1) / DISK_BLOCK_BYTES * DISK_BLOCK_BYTES;
  }

  private static byte[] whole(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < DIGEST_BYTES || size > MOST_COPY_BYTES + DIGEST_BYTES) {
      return new byte[0];
    }
    ByteBuffer whole = ByteBuffer.allocate((int) size);
    while (whole.hasRemaining() && channel.read(whole) >= 0) {
      // Until it is full, or the file has ended.
    }
    return whole.hasRemaining() ? new byte[0] : whole.array();
  }

  private static Optional<byte[]> unwrap(String name, byte[] whole) {
    if (whole.length < DIGEST_BYTES) {
      return Optional.empty();
    }
    byte[] bytes = new byte[whole.length - DIGEST_BYTES];
    System.arraycopy(whole, DIGEST_BYTES, bytes, 0, bytes.length);
    byte[] noted = new byte[DIGEST_BYTES];
    System.arraycopy(whole, 0, noted, 0, DIGEST_BYTES);
    return MessageDigest.isEqual(noted, digest(name, bytes))
        ? Optional.of(bytes)
        : Optional.empty();
  }

  private static Path file(Path there, String name) {
    byte[] digest = sha256().digest(name.getBytes(StandardCharsets.US_ASCII));
    return there.resolve(HexFormat.of().formatHex(digest, 0, 16));
  }

  private static byte[] digest(String name, byte[] bytes) {
    MessageDigest digest = sha256();
    digest.update(name.getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) 0);
    return digest.digest(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} is removed later: {}", file, e.toString());
    }
  }
}
