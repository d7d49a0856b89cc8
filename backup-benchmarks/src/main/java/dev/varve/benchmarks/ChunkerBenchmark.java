package dev.varve.benchmarks;

import dev.varve.internal.chunker.Chunker;
import dev.varve.internal.chunker.ChunkerSizes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many MiB a second one thread cuts into chunks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class ChunkerBenchmark {

  private static final int CONTENT_MIB = 32;

  /** What the content is: {@code random}, {@code text} or {@code zeros}. */
  @Param({"random", "text", "zeros"})
  public String content = "random";

  private byte[] bytes = {};
  private Chunker chunker = newChunker();

  /** Makes the content. */
  @Setup
  public void setUp() {
    int length = CONTENT_MIB << 20;
    bytes =
        switch (content) {
          case "random" -> Contents.random(length);
          case "text" -> Contents.text(length);
          default -> new byte[length];
        };
    chunker = newChunker();
  }

  /** Cuts all of it; the score is in MiB. */
  @Benchmark
  @OperationsPerInvocation(CONTENT_MIB)
  public int cut() {
    int chunks = 0;
    for (int at = 0; at < bytes.length; chunks++) {
      at += chunker.next(bytes, at, bytes.length - at, true);
    }
    return chunks;
  }

  private static Chunker newChunker() {
    return new Chunker(new byte[32], new byte[16], ChunkerSizes.DEFAULT);
  }
}
