package dev.varve.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers on the pages are those in the code: who changes one is told where it is written. */
class DocumentedNumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "vault.Config; MAX_BYTES; 4096; format; | config | 4096 bytes |",
        "crypto.KeySlotItem; MAX_BYTES; 32768; format; label | 32 KiB; 24 KiB",
        "crypto.KeySlotItem; MAX_WRAPPED_BYTES; 24576; format; wrapped table | bytes, at most 24 KiB",
        "crypto.Argon2Cost; MOST_MEMORY_KIB; 1048576; format; 1 MiB to 1 GiB, 16 passes, 16 lanes",
        "crypto.Argon2Cost; MOST_PASSES; 16; format; 1 to 16 passes",
        "log.LogRecord; MAX_BYTES; 65536; format; | record | 65 536 bytes |",
        "log.LogEntry; MAX_SLOT; 2147483646; format; at most to 2^31-2",
        "log.SlotReader; MAX_GAP; 1000; format; A slot more than 1000 beyond",
        "log.Folding; MAX_CALLS; 256; format; of more than 256 calls",
        "log.NewRun; MAX_STORED_BYTES; 5368709120; format; up to 5 × 2^30",
        "log.Checkpoints; MAX_PIECES; 4096; format; 4096 pieces of 2 MiB",
        "log.LockItem; MAX_BYTES; 65582; format; | lock | 65 582 bytes |",
        "index.RunLayout; MAX_PAGES; 1048576; format; 2^20 pages (4 GiB)",
        "chunkstore.BlockCodec; MAX_PLAIN_BYTES; 8388608; format; 8 MiB of plaintext",
        "chunkstore.Block; MAX_CHUNKS; 8192; format; 8192 chunks",
        "chunkstore.PackFooter; MAX_BYTES; 4194304; format; 2^31-1 bytes, 4 MiB",
        "chunkstore.PackFooter; MAX_BLOCKS; 65536; format; varint number of blocks, at most 65 536",
        "chunker.ChunkerSizes; MOST_BYTES; 8388608; format; maximum ≤ 8 MiB",
        "catalog.Chunks; MAX_BYTES; 1048576; format; of catalogs and lists 1 MiB",
        "format.ChunkRef; MAX_LENGTH; 16777216; format; 1 byte to 16 MiB",
        "format.ChunkList; MAX_DEPTH; 8; format; | depth of lists and fences | 8 |",
        "format.ChunkList; MAX_REFS; 256; format; varint count from 0 to 256",
        "chunkstore.WriteSession; SLABS; 4; architecture; 4 × 16 MiB",
        "chunkstore.PackSizes; PACK_BYTES; 16777216; architecture; 4 × 16 MiB",
        "chunkstore.PackSizes; MOST_BLOCK_BYTES; 2621440; architecture; (3 P + 2) × 2.5 MiB",
        "archive.ContentCutter; AHEAD_BYTES; 1048576; architecture; P × 3 MiB",
        "archive.Window; MAX_FINISHED_BYTES; 16777216; architecture; at most 16 MiB or 2048 entries",
        "archive.Window; MAX_ENTRIES; 2048; architecture; at most 16 MiB or 2048 entries",
        "restore.Delivery; MAX_PIECES; 65536; architecture; Up to 65 536 chunks",
        "restore.PackRange; MAX_BYTES; 4194304; architecture; stretches of up to 4 MiB",
        "restore.PackRange; MAX_GAP_BYTES; 262144; architecture; within 256 KiB",
        "chunkstore.ChunkReader; CACHED_BLOCKS; 6; architecture; 6 × 2.5 MiB",
        "task.Threads; TRANSFERS; 4; architecture; | transfer | 4 |",
      })
  void constant_isAsThePageSays(String type, String field, long value, String page, String text)
      throws Exception {
    assertEquals(
        value,
        constant(type, field),
        "Say the new number in docs/" + page + ".md, where it says '" + text + "', and here");
    assertTrue(page(page).contains(text), "docs/" + page + ".md does not say '" + text + "'");
  }

  private static long constant(String type, String name) throws ReflectiveOperationException {
    Field field = Class.forName("dev.varve.internal." + type).getDeclaredField(name);
    field.setAccessible(true);
    return ((Number) field.get(DocumentedNumbersTest.class)).longValue();
  }

  private static String page(String page) throws IOException {
    return Files.readString(Path.of("../docs/" + page + ".md")).replaceAll("\\s+", " ");
  }
}
