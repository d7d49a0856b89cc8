package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.RepositoryId;
import dev.varve.key.KeyFile;
import dev.varve.key.KeyWrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys that were used do not stay in memory for whoever reads it later. */
class WipingTest {

  private static final byte[] NOTHING = {};

  private final RepositoryKeys keys = RepositoryKeys.generate();
  private final RepositoryId repository = keys.repositoryId();

  private static boolean isWiped(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  @Test
  void derive_keyOfAnyLength_leavesNoPartOfItBehind() {
    for (int bytes : new int[] {1, 32, 33, 100}) {
      byte[] derived;
      List<byte[]> parts;
      try (StandInJdk jdk = StandInJdk.install(new StandInJdk.Fault() {})) {
        derived = Hkdf.derive(Known.bytes(32, 1), NOTHING, NOTHING, bytes);
        parts = jdk.outputs();
      }
      assertFalse(isWiped(derived));
      assertEquals(1 + (bytes + 31) / 32, parts.size());
      assertTrue(parts.stream().allMatch(WipingTest::isWiped), bytes + " bytes");
    }
  }

  @Test
  void slotKey_closed_isZero() {
    SlotKey key = SlotKey.of(KeyFile.generate(), new byte[16]);
    byte[] info = "varve-1 slot-commitment".getBytes(StandardCharsets.US_ASCII);
    byte[] ofZero = Hkdf.derive(new byte[32], NOTHING, info, 32);
    assertFalse(Arrays.equals(ofZero, key.commitment()));
    key.close();
    assertArrayEquals(ofZero, key.commitment());
  }

  @Test
  void open_andFindRepository_leaveNoTableBehind() throws Exception {
    KeyFile file = KeyFile.generate();
    KeySlotItem slot =
        KeySlotItem.make(keys, repository, file, "", Instant.EPOCH, Argon2Cost.LEAST);
    try (StandInJdk jdk = StandInJdk.install(new StandInJdk.Fault() {})) {
      assertEquals(Optional.of(repository), slot.findRepository(file));
      byte[] table = keys.toTable();
      List<byte[]> tables = jdk.outputs().stream().filter(o -> o.length == table.length).toList();
      assertEquals(2, tables.size(), "unconfirmed and opened");
      assertTrue(tables.stream().allMatch(WipingTest::isWiped));
    }
  }

  @Test
  void makeAndOpen_byTheHostsFunctions_leaveNoTableWithThem() throws Exception {
    List<byte[]> seen = new ArrayList<>();
    List<byte[]> copies = new ArrayList<>();
    KeyWrap host =
        KeyWrap.of(
            (table, associated) -> {
              seen.add(table);
              copies.add(table.clone());
              return table.clone();
            },
            (wrapped, associated) -> {
              seen.add(wrapped);
              copies.add(wrapped.clone());
              return wrapped;
            });
    KeySlotItem slot =
        KeySlotItem.make(keys, repository, host, "", Instant.EPOCH, Argon2Cost.LEAST);
    for (int twice = 0; twice < 2; twice++) {
      assertTrue(slot.open(repository, host).holdsRoot());
    }
    assertEquals(3, seen.size());
    for (int i = 0; i < seen.size(); i++) {
      assertArrayEquals(keys.toTable(), copies.get(i));
      assertTrue(isWiped(seen.get(i)));
    }
  }

  @Test
  void make_hostFails_leavesNoTableWithIt() {
    List<byte[]> seen = new ArrayList<>();
    KeyWrap host =
        KeyWrap.of(
            (table, associated) -> {
              seen.add(table);
              throw new GeneralSecurityException("quota");
            },
            (wrapped, associated) -> wrapped);
    assertThrows(
        IOException.class,
        () -> KeySlotItem.make(keys, repository, host, "", Instant.EPOCH, Argon2Cost.LEAST));
    assertNotEquals(List.of(), seen);
    assertTrue(seen.stream().allMatch(WipingTest::isWiped));
  }
}
