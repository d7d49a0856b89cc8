package dev.varve.reader;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Sections 3.1, 3.2 and 3.5: purpose keys, bindings, chunk ids, markers. Immutable. */
final class Keys {

  static final int DATA = 1;
  static final int CATALOG = 2;
  static final int LIST = 3;

  private static final String[] LABELS = {
    "data-id",
    "catalog-id",
    "list-id",
    "chunker-table",
    "chunker-prf",
    "seal-data",
    "seal-catalog",
    "seal-index",
    "seal-log",
    "marker",
    "catalog-cut"
  };

  private final byte[] root;
  private final Map<String, byte[]> keys = new TreeMap<>();

  Keys(byte[] root) {
    this.root = root;
    for (String label : LABELS) {
      keys.put(label, derive(label, 32));
    }
  }

  private byte[] derive(String label, int count) {
    return Primitives.hkdf(root, new byte[0], ("varve-1 " + label).getBytes(US_ASCII), count);
  }

  byte[] root() {
    return root.clone();
  }

  /** All purpose keys by label. */
  Map<String, byte[]> all() {
    return Map.copyOf(keys);
  }

  byte[] key(String label) {
    byte[] key = keys.get(label);
    if (key == null) {
      throw new IllegalArgumentException(label);
    }
    return key;
  }

  byte[] repositoryId() {
    return derive("repository-id", 16);
  }

  byte[] binding(char letter, String itemKey, long position) {
    return binding(repositoryId(), letter, itemKey, position);
  }

  static byte[] binding(byte[] repository, char letter, String itemKey, long position) {
    byte[] key = itemKey.getBytes(US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(5 + 1 + 16 + 1 + 2 + key.length + 8);
    out.put("varve".getBytes(US_ASCII)).put((byte) 1).put(repository).put((byte) letter);
    return out.putShort((short) key.length).put(key).putLong(position).array();
  }

  String chunkId(int kind, byte[] plain) {
    String label =
        switch (kind) {
          case DATA -> "data-id";
          case CATALOG -> "catalog-id";
          case LIST -> "list-id";
          default -> throw new BadFormatException("There is no kind of chunk " + kind);
        };
    return HexFormat.of().formatHex(Primitives.hmac(key(label), plain));
  }

  byte[] marker(String pack, int ordinal) {
    byte[] message =
        ByteBuffer.allocate(20).put(HexFormat.of().parseHex(pack)).putInt(ordinal).array();
    return Arrays.copyOf(Primitives.hmac(key("marker"), message), 16);
  }
}
