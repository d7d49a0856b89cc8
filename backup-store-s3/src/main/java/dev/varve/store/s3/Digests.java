package dev.varve.store.s3;

import dev.varve.store.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** How the server is told what a body must add up to, so that it refuses what arrives otherwise. */
enum Digests {

  /** In a header, known before the body is sent; servers that do not know it pass over it. */
  CRC32C("crc32c") {
    @Override
    void add(Body body, PutObjectRequest.Builder put) throws IOException {
      CRC32C crc = new CRC32C();
      read(body, crc::update);
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
      put.checksumCRC32C(Base64.getEncoder().encodeToString(bytes));
    }
  },

  /** As every server has known it from the beginning; costs more time here. */
  MD5("md5") {
    @Override
    void add(Body body, PutObjectRequest.Builder put) throws IOException {
      MessageDigest md5 = md5();
      read(body, md5::update);
      put.contentMD5(Base64.getEncoder().encodeToString(md5.digest()));
    }
  },

  /** None, where a server stumbles over either. */
  NONE("none") {
    @Override
    void add(Body body, PutObjectRequest.Builder put) throws IOException {
      read(body, piece -> {});
    }
  };

  private interface Update {
    void with(ByteBuffer piece);
  }

  private final String word;

  Digests(String word) {
    this.word = word;
  }

  /** What it is called in options. */
  String word() {
    return word;
  }

  /** Puts the digest of {@code body} on a request; fails if the body has not its length. */
  abstract void add(Body body, PutObjectRequest.Builder put) throws IOException;

  private static void read(Body body, Update update) throws IOException {
    Counter counter = new Counter(update);
    body.local().writeTo(counter);
    if (counter.count != body.length()) {
      throw new IOException(
          "A body should have " + body.length() + " bytes, but has " + counter.count);
    }
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  private static final class Counter implements WritableByteChannel {
    private final Update update;
    private long count;

    Counter(Update update) {
      this.update = update;
    }

    @Override
    public int write(ByteBuffer piece) {
      int length = piece.remaining();
      update.with(piece);
      piece.position(piece.limit());
      count += length;
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
