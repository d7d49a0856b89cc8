package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlicedWritesTest {

  @Test
  void write_long_arrivesWholeInSmallSlices() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(10).limit(290_001);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    List<Integer> slices = new ArrayList<>();
    WritableByteChannel out = Channels.newChannel(written);
    try (WritableByteChannel sliced = new SlicedWrites(counting(out, slices))) {
      assertEquals(289_991, sliced.write(buffer));
    }
    assertArrayEquals(Arrays.copyOfRange(bytes, 10, 290_001), written.toByteArray());
    assertEquals(290_001, buffer.position());
    assertEquals(290_001, buffer.limit());
    assertTrue(slices.stream().allMatch(count -> count <= 64 << 10), slices.toString());
  }

  private static WritableByteChannel counting(WritableByteChannel out, List<Integer> slices) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        slices.add(bytes.remaining());
        return out.write(bytes);
      }

      @Override
      public boolean isOpen() {
        return out.isOpen();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
