package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PipeTest {

  @Test
  void read_moreThanFits_isWhatWasWritten() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new SplittableRandom(1).nextBytes(bytes);
    Pipe pipe = new Pipe(1000);
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(pipe, bytes));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(777);
    for (int count = pipe.read(buffer); count >= 0; count = pipe.read(buffer)) {
      read.write(buffer.array(), 0, count);
      buffer.clear();
    }

    assertArrayEquals(bytes, read.toByteArray());
    assertEquals(-1, pipe.read(buffer));
    writing.get();
  }

  @Test
  void read_writerFailed_failsEvenIfSomethingIsLeft() throws IOException {
    Pipe pipe = new Pipe(1000);
    pipe.write(new byte[10], 0, 10);
    pipe.fail(new IOException("lost"));

    assertThrows(IOException.class, () -> pipe.read(ByteBuffer.allocate(5)));
  }

  @Test
  void close_whileReadingOrWriting_endsBothByAFailure() {
    Pipe empty = new Pipe(10);
    Pipe full = new Pipe(10);
    CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> read(empty));
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(full, new byte[99]));

    empty.close();
    full.close();

    assertThrows(CompletionException.class, reading::join);
    assertThrows(CompletionException.class, writing::join);
  }

  private static int read(Pipe pipe) {
    try {
      return pipe.read(ByteBuffer.allocate(5));
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static void write(Pipe pipe, byte[] bytes) {
    try {
      pipe.write(bytes, 0, bytes.length);
      pipe.end();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
