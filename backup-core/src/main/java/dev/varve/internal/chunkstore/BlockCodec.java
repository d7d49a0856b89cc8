package dev.varve.internal.chunkstore;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.FormatException;
import org.jspecify.annotations.Nullable;

/**
 * What a block is before it is sealed: codec (u8: 0 as it is, 1 one zstd frame), length of the
 * plaintext (u32), payload. Used by one thread at a time; holds memory of zstd, from when it is
 * first needed until closed: who only opens blocks needs nothing of what compresses.
 */
final class BlockCodec implements AutoCloseable {

  /** How many bytes stand before the payload. */
  static final int HEADER_BYTES = 5;

  /** The longest plaintext of a block, in bytes: that of the longest chunk that is ever cut. */
  static final int MAX_PLAIN_BYTES = ChunkerSizes.MOST_BYTES;

  private static final int RAW = 0;
  private static final int ZSTD = 1;

  /** Compressing must save this fraction, one in 32, else it is not worth opening later. */
  private static final int LEAST_SAVING_SHIFT = 5;

  private static final int SAMPLE_BYTES = 8 << 10;
  private static final int SAMPLES = 8;

  /** The level whose tables are made smaller here, see {@link #thorough}. */
  private static final int USUAL_LEVEL = 3;

  /**
   * Tables of 256 KiB and 32 KiB instead of zstd's 512 KiB and 256 KiB: they stay in a core's
   * caches. Over 265 blocks of a file system a seventh of the time for 1.5 % more bytes; steps of
   * one up or down cost more bytes for less time, or the other way round.
   */
  private static final int HASH_LOG = 16;

  private static final int CHAIN_LOG = 13;

  /** For samples, and for blocks of which not much can be saved: one table, one look for each. */
  private static final int LIGHT_LEVEL = 1;

  /**
   * What level 1 lacks for blocks like ours: it sees all of a block, and more of it at a time. Of
   * 850 MB of large files as many bytes are saved as by level 3 with its smaller tables, in five
   * sixths of the time; of a file system's two to four in a hundred fewer, in seven eighths.
   */
  private static final int LIGHT_WINDOW_LOG = 21;

  private static final int LIGHT_LEAST_MATCH = 6;

  /** A block whose sample saves fewer of ten bytes than this is compressed lightly. */
  private static final int LEAST_TENTHS = 6;

  private @Nullable ZstdCompressCtx compressor;
  private @Nullable ZstdCompressCtx light;
  private @Nullable ZstdDecompressCtx decompressor;
  private final int level;
  private byte[] packed = new byte[0];
  private byte[] sample = new byte[0];

  /** Compresses at zstd's {@code level}; 0: not at all. */
  BlockCodec(int level) {
    this.level = level;
  }

  private ZstdCompressCtx thorough() {
    ZstdCompressCtx made = compressor;
    if (made == null) {
      made = compressor(level);
      if (level == USUAL_LEVEL) {
        made.setHashLog(HASH_LOG).setChainLog(CHAIN_LOG);
      }
      compressor = made;
    }
    return made;
  }

  private ZstdCompressCtx light() {
    ZstdCompressCtx made = light;
    if (made == null) {
      made = compressor(Math.min(level, LIGHT_LEVEL));
      if (level == USUAL_LEVEL) {
        made.setHashLog(HASH_LOG).setWindowLog(LIGHT_WINDOW_LOG).setMinMatch(LIGHT_LEAST_MATCH);
      }
      light = made;
    }
    return made;
  }

  private ZstdDecompressCtx decompressor() {
    ZstdDecompressCtx made = decompressor;
    if (made == null) {
      made = new ZstdDecompressCtx();
      decompressor = made;
    }
    return made;
  }

  private static ZstdCompressCtx compressor(int level) {
    return new ZstdCompressCtx().setLevel(level).setChecksum(false).setContentSize(false);
  }

  /**
   * Packs {@code length} bytes of {@code plain}; the result is at the start of {@link #packed()}.
   */
  int pack(byte[] plain, int length) {
    int room = HEADER_BYTES + length;
    if (packed.length < room) {
      packed = new byte[Math.max(room, HEADER_BYTES + plain.length)];
    }
    int payload = level == 0 ? -1 : compress(plain, length);
    if (payload < 0) {
      System.arraycopy(plain, 0, packed, HEADER_BYTES, length);
      payload = length;
      packed[0] = RAW;
    } else {
      packed[0] = ZSTD;
    }
    packed[1] = (byte) (length >>> 24);
    packed[2] = (byte) (length >>> 16);
    packed[3] = (byte) (length >>> 8);
    packed[4] = (byte) length;
    return HEADER_BYTES + payload;
  }

  /** Takes over what was packed before; its length. */
  int take(byte[] packedBefore) {
    if (packed.length < packedBefore.length) {
      packed = new byte[Math.max(packedBefore.length, 2 * packed.length)];
    }
    System.arraycopy(packedBefore, 0, packed, 0, packedBefore.length);
    return packedBefore.length;
  }

  byte[] packed() {
    return packed;
  }

  /** How long the plaintext of a packed block is; bounded. */
  static int plainLength(byte[] packed, int length) throws FormatException {
    if (length < HEADER_BYTES || (packed[0] != RAW && packed[0] != ZSTD)) {
      throw new FormatException("A block's codec is unknown");
    }
    int plain =
        ((packed[1] & 0xff) << 24)
            | ((packed[2] & 0xff) << 16)
            | ((packed[3] & 0xff) << 8)
            | (packed[4] & 0xff);
    if (plain < 0 || plain > MAX_PLAIN_BYTES) {
      throw new FormatException("A block claims a plaintext of " + plain + " bytes");
    }
    return plain;
  }

  /** Unpacks {@code length} bytes of {@code packed} into {@code plain}; gives the exact length. */
  int unpack(byte[] packed, int length, byte[] plain) throws FormatException {
    int expected = plainLength(packed, length);
    int payload = length - HEADER_BYTES;
    if (packed[0] == RAW) {
      if (payload != expected) {
        throw new FormatException("A block has " + payload + " bytes instead of " + expected);
      }
      System.arraycopy(packed, HEADER_BYTES, plain, 0, expected);
      return expected;
    }
    try {
      int unpacked =
          decompressor().decompressByteArray(plain, 0, expected, packed, HEADER_BYTES, payload);
      if (unpacked != expected) {
        throw new FormatException("A block unpacks to " + unpacked + " bytes, not " + expected);
      }
      return unpacked;
    } catch (ZstdException e) {
      throw new FormatException("A block does not unpack: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (compressor != null) {
      compressor.close();
    }
    if (light != null) {
      light.close();
    }
    if (decompressor != null) {
      decompressor.close();
    }
  }

  /** Compresses behind the header, as hard as a sample says; -1 if that does not save enough. */
  private int compress(byte[] plain, int length) {
    if (length < 4 * SAMPLES * SAMPLE_BYTES) {
      return compress(thorough(), plain, length);
    }
    int sampled = compress(light(), sampled(plain, length), SAMPLES * SAMPLE_BYTES);
    if (sampled < 0) {
      return -1;
    }
    boolean little = sampled > SAMPLES * SAMPLE_BYTES / 10 * (10 - LEAST_TENTHS);
    return compress(little && level == USUAL_LEVEL ? light() : thorough(), plain, length);
  }

  private int compress(ZstdCompressCtx with, byte[] plain, int length) {
    int room = length - (length >>> LEAST_SAVING_SHIFT);
    try {
      return with.compressByteArray(packed, HEADER_BYTES, room, plain, 0, length);
    } catch (ZstdException tooLong) {
      if (tooLong.getErrorCode() == com.github.luben.zstd.Zstd.errDstSizeTooSmall()) {
        return -1;
      }
      throw tooLong;
    }
  }

  /** Pieces taken from all over a long plaintext, put together. */
  private byte[] sampled(byte[] plain, int length) {
    if (sample.length == 0) {
      sample = new byte[SAMPLES * SAMPLE_BYTES];
    }
    for (int i = 0; i < SAMPLES; i++) {
      int from = (int) ((long) (length - SAMPLE_BYTES) * i / (SAMPLES - 1));
      System.arraycopy(plain, from, sample, i * SAMPLE_BYTES, SAMPLE_BYTES);
    }
    return sample;
  }
}
