package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Argon2CostTest {

  private static Decoder stored(long memoryKib, long passes, long lanes) {
    ByteBuffer bytes = ByteBuffer.allocate(12);
    bytes.putInt((int) memoryKib).putInt((int) passes).putInt((int) lanes);
    return new Decoder(bytes.array());
  }

  @ParameterizedTest
  @CsvSource({"1024,1,1", "1048576,1,1", "1024,16,1", "1024,1,16"})
  void read_atALimit_isTaken(int memoryKib, int passes, int lanes) throws Exception {
    assertEquals(
        new Argon2Cost(memoryKib, passes, lanes),
        Argon2Cost.read(stored(memoryKib, passes, lanes)));
  }

  /** Who can write to the store could have all who open it work without end, or for nothing. */
  @ParameterizedTest
  @CsvSource({
    "1023,1,1",
    "1048577,1,1",
    "4294967295,1,1",
    "1024,0,1",
    "1024,17,1",
    "1024,4294967295,1",
    "1024,1,0",
    "1024,1,17",
    "1024,1,4294967295"
  })
  void read_beyondALimit_isRefused(long memoryKib, long passes, long lanes) {
    assertThrows(FormatException.class, () -> Argon2Cost.read(stored(memoryKib, passes, lanes)));
  }

  @Test
  void checkMemory_threeQuartersOfTheHeap_isEnoughAndABitLessIsNot() throws Exception {
    Argon2Cost cost = new Argon2Cost(96 << 10, 1, 1);
    cost.checkMemory(128L << 20);
    cost.checkMemory(1L << 40);
    IOException error = assertThrows(IOException.class, () -> cost.checkMemory((128L << 20) - 1));
    assertEquals(
        "To try a passphrase on this slot takes 96 MiB of heap, and there are 127; raise -Xmx or"
            + " use another key",
        error.getMessage());
  }

  /** The heap of this JVM is the one that is asked about. */
  @Test
  void checkMemory_ofThisJvm_isThatOfItsHeap() throws Exception {
    Argon2Cost.LEAST.checkMemory();
    Argon2Cost most = new Argon2Cost(Argon2Cost.MOST_MEMORY_KIB, 1, 1);
    boolean fits;
    try {
      most.checkMemory();
      fits = true;
    } catch (IOException e) {
      fits = false;
    }
    long heapKib = Runtime.getRuntime().maxMemory() >> 10;
    assertEquals(heapKib / 4 * 3 >= Argon2Cost.MOST_MEMORY_KIB, fits);
  }
}
