package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one directory: they race, and they are killed. */
class DirectoryStoreProcessesTest {

  private static final int KILLS = Boolean.getBoolean("varve.deep") ? 200 : 4;

  @TempDir private Path folder;

  /** Creates log/0, log/1, ... and says which it was the first to create. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      int items = Integer.parseInt(arguments[1]);
      String own = arguments[2];
      try (Store store = DirectoryStore.open(Path.of(arguments[0]))) {
        System.out.println("ready");
        if (System.in.read() < 0) {
          return;
        }
        for (int i = 0; i < items; i++) {
          create(store, "log/" + i);
          create(store, own + "/" + i);
        }
      }
    }
  }

  private static void create(Store store, String key) throws IOException {
    try {
      store.create(key, Body.of(content(key)));
    } catch (FileAlreadyExistsException lost) {
      return;
    }
    System.out.println(key);
  }

  @Test
  void processesRacing_eachKeyIsWonOnce() throws Exception {
    int items = 100;
    List<Process> writers = new ArrayList<>();
    for (String own : List.of("a", "b", "c")) {
      writers.add(start(items, own));
    }
    List<BufferedReader> outputs = new ArrayList<>();
    for (Process writer : writers) {
      BufferedReader output = writer.inputReader();
      assertEquals("ready", output.readLine());
      outputs.add(output);
    }
    for (Process writer : writers) {
      writer.getOutputStream().write('\n');
      writer.getOutputStream().flush();
    }

    List<String> won = new ArrayList<>();
    for (BufferedReader output : outputs) {
      output.lines().filter(line -> line.startsWith("log/")).forEach(won::add);
    }
    for (Process writer : writers) {
      assertEquals(0, writer.waitFor());
    }
    assertEquals(items, won.size());
    assertEquals(items, Set.copyOf(won).size());
    assertAllThere(new TreeSet<>(won));
  }

  @Test
  void processKilled_whatItWasToldIsThereAndNothingInPart() throws Exception {
    Random random = new Random();
    Set<String> acknowledged = new TreeSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Process writer = start(1_000_000, "own-" + kill);
      BufferedReader output = writer.inputReader();
      assertEquals("ready", output.readLine());
      writer.getOutputStream().write('\n');
      writer.getOutputStream().flush();
      int lines = 1 + random.nextInt(40);
      for (int i = 0; i < lines; i++) {
        acknowledged.add(output.readLine());
      }
      // Not by the process itself, which would close what it has said and we have not read.
      writer.toHandle().destroyForcibly();
      StringWriter rest = new StringWriter();
      output.transferTo(rest);
      rest.toString()
          .substring(0, rest.toString().lastIndexOf('\n') + 1)
          .lines()
          .forEach(acknowledged::add);
      writer.waitFor();

      assertAllThere(acknowledged);
    }
  }

  private Process start(int items, String own) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            folder.toString(),
            Integer.toString(items),
            own)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void assertAllThere(Set<String> keys) throws IOException {
    Set<String> missing = new TreeSet<>(keys);
    try (Store store = DirectoryStore.open(folder)) {
      for (Stored item : store.list("", "").items()) {
        ByteBuffer into = ByteBuffer.allocate((int) item.size());
        store.read(item.key(), 0, into);
        assertArrayEquals(content(item.key()), into.array(), item.key());
        missing.remove(item.key());
      }
    }
    assertEquals(Set.of(), missing);
    try (Stream<Path> left = Files.list(folder.resolve(".tmp"))) {
      assertTrue(left.count() <= KILLS);
    }
  }

  private static byte[] content(String key) {
    byte[] bytes = new byte[20_000 + Math.floorMod(key.hashCode(), 4000)];
    new Random(key.hashCode()).nextBytes(bytes);
    return bytes;
  }
}
