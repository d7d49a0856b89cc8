package dev.varve.internal.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkerSizesTest {

  @Test
  void write_thenRead_givesTheSame() throws Exception {
    for (ChunkerSizes sizes :
        new ChunkerSizes[] {
          ChunkerSizes.DEFAULT, new ChunkerSizes(4096, 5000, 8 << 20, 0, (1L << 32) - 1)
        }) {
      Encoder out = new Encoder(20);
      sizes.write(out);
      assertEquals(20, out.length());
      Decoder in = new Decoder(out.toBytes());
      assertEquals(sizes, ChunkerSizes.read(in));
      in.end();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4095, 5000, 6000",
    "5000, 5000, 6000",
    "5000, 6000, 6000",
    "5000, 6000, 8388609",
    "0, 1, 2",
    "6000, 5000, 4000",
    "4294967295, 6000, 7000",
    "5000, 6000, 4294967295"
  })
  void read_sizesOutOfBounds_areRefused(long min, long normal, long max) {
    Encoder out = new Encoder(20).u32(min).u32(normal).u32(max).u32(1).u32(1);
    assertThrows(FormatException.class, () -> ChunkerSizes.read(new Decoder(out.toBytes())));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ChunkerSizes((int) min, (int) normal, (int) max, 1, 1));
  }

  @Test
  void of_theDefault_hasTheThresholdsItIsPublishedWith() {
    ChunkerSizes sizes = ChunkerSizes.DEFAULT;
    assertEquals(new ChunkerSizes(131_072, 524_288, 2_097_152, 888_069, 14_209_110), sizes);
  }

  @Test
  void of_sizesCloseTogether_stillHasThresholdsInRange() {
    ChunkerSizes tight = ChunkerSizes.of(4096, 4097, 4098);
    assertTrue(tight.lateThreshold() <= 0xffff_ffffL);
    ChunkerSizes wide = ChunkerSizes.of(4096, (8 << 20) - 1, 8 << 20);
    assertTrue(wide.earlyThreshold() >= 0);
  }
}
