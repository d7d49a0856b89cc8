package dev.varve.benchmarks;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import dev.varve.internal.crypto.AbsentKeyException;
import dev.varve.internal.crypto.BlockKey;
import dev.varve.internal.crypto.ChunkIds;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How many MiB a second one thread names, compresses, seals and opens, a MiB at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class SealingBenchmark {

  private static final int BYTES = 1 << 20;
  private static final int ZSTD_LEVEL = 3;
  private static final byte[] BOUND_TO = "packs/5f/5f".getBytes(StandardCharsets.US_ASCII);

  private final byte[] content = Contents.text(BYTES);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(BYTES).put(content).flip();
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(2 * BYTES);
  private final ByteBuffer sealed = ByteBuffer.allocateDirect((int) StreamSeal.sealedLength(BYTES));
  private final ByteBuffer opened = ByteBuffer.allocateDirect(BYTES);
  private final StreamSeal seal = BlockKey.draw().stream();
  private final ZstdCompressCtx compressor = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final ChunkIds ids = newIds();

  /** Makes what is opened. */
  @Setup
  public void setUp() {
    seal();
    compress();
  }

  /** Lets go of zstd's memory. */
  @TearDown
  public void tearDown() {
    compressor.close();
    decompressor.close();
  }

  /** A chunk's id: HMAC-SHA-256. */
  @Benchmark
  public ChunkId name() throws AbsentKeyException {
    return ids.id(ChunkKind.DATA, content, 0, content.length);
  }

  /** AES-256-GCM in segments of 4 KiB. */
  @Benchmark
  public ByteBuffer seal() {
    seal.seal(plain.rewind(), BOUND_TO, sealed.clear());
    return sealed.flip();
  }

  /** The same, opened. */
  @Benchmark
  public ByteBuffer open() throws FormatException {
    seal.open(sealed.rewind(), BOUND_TO, opened.clear());
    return opened;
  }

  /** zstd at its usual level. */
  @Benchmark
  public int compress() {
    compressed.clear();
    int length = compressor.compress(compressed, plain.rewind());
    compressed.flip();
    return length;
  }

  /** The same, undone. */
  @Benchmark
  public int decompress() {
    return decompressor.decompress(opened.clear(), compressed.rewind());
  }

  private static ChunkIds newIds() {
    try {
      return new ChunkIds(RepositoryKeys.generate());
    } catch (AbsentKeyException e) {
      throw new IllegalStateException("All keys were just made", e);
    }
  }
}
