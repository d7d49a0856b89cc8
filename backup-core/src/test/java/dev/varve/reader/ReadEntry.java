package dev.varve.reader;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An entry as the second reader found it.
 *
 * @param path its bytes
 * @param kind the number of its kind
 * @param size its size
 * @param facts everything else, by name
 * @param content where its bytes are
 */
record ReadEntry(
    byte[] path, int kind, long size, Map<String, String> facts, Input.ChunkList content) {

  /** The path with each byte as one character, which keeps paths apart and in order. */
  String name() {
    return new String(path, StandardCharsets.ISO_8859_1);
  }
}
