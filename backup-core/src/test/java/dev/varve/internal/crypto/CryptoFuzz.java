package dev.varve.internal.crypto;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.format.RepositoryId;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Fuzzes key slots and seals. */
public final class CryptoFuzz {

  private static final int CHECKSUM_BYTES = 16;
  private static final String NAME = "keys/" + "ab".repeat(16);
  private static final RepositoryId REPOSITORY = new RepositoryId(1, 2);
  private static final KeyFile KEY = KeyFile.generate();

  private CryptoFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget("key-slot", data -> look(KeySlotItem.read(NAME, data)), slots()),
        new FuzzTarget("key-slot-checked", data -> look(read(data)), slots()),
        new FuzzTarget(
            "key-table", data -> RepositoryKeys.ofTable(data), List.of(keys().toTable())),
        new FuzzTarget(
            "stream",
            data -> {
              int length = (int) StreamSeal.plainLength(data.length);
              new StreamSeal(new byte[32])
                  .open(ByteBuffer.wrap(data), new byte[3], ByteBuffer.allocate(length));
            },
            List.of(sealed(100), sealed(5000))));
  }

  /** The checksum is no secret: whoever writes the store can make it fit. */
  private static KeySlotItem read(byte[] data) throws FormatException {
    if (data.length < CHECKSUM_BYTES) {
      throw new FormatException("too short");
    }
    byte[] fitting = data.clone();
    int end = data.length - CHECKSUM_BYTES;
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(data, end));
      System.arraycopy(sum, 0, fitting, end, CHECKSUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return KeySlotItem.read(NAME, fitting);
  }

  private static void look(KeySlotItem slot) throws IOException {
    slot.label();
    slot.created();
    if (slot.method() == SlotMethod.KEY_FILE) {
      slot.open(REPOSITORY, KEY);
    }
  }

  private static List<byte[]> slots() {
    try {
      return List.of(
          KeySlotItem.make(keys(), REPOSITORY, KEY, "label", Instant.EPOCH, Argon2Cost.LEAST)
              .toBytes(),
          KeySlotItem.make(
                  keys(),
                  REPOSITORY,
                  Passphrase.of("pass".toCharArray()),
                  "",
                  Instant.EPOCH,
                  Argon2Cost.LEAST)
              .toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RepositoryKeys keys() {
    return RepositoryKeys.generate();
  }

  private static byte[] sealed(int bytes) {
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(bytes));
    new StreamSeal(new byte[32]).seal(ByteBuffer.allocate(bytes), new byte[3], sealed);
    return sealed.array();
  }
}
