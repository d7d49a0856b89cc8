package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageOptions;
import com.sun.management.ThreadMXBean;
import dev.varve.store.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What moving bytes takes. */
class GcsTransferTest {

  private static final int PACK_BYTES = 16 << 20;

  private final GcsServer server;

  GcsTransferTest() throws IOException {
    server = new GcsServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static ByteBuffer pack() {
    byte[] bytes = new byte[PACK_BYTES];
    new Random(1).nextBytes(bytes);
    return ByteBuffer.allocateDirect(PACK_BYTES).put(bytes).flip();
  }

  /** Packs lie outside the heap; sending and fetching them must not bring them in. */
  @Test
  void createAndRead_aPack_takeLittleMemory() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ByteBuffer pack = pack();
    ByteBuffer into = ByteBuffer.allocateDirect(PACK_BYTES);
    try (GcsStore store = Stores.of(server).build()) {
      store.create("config", Body.of(new byte[1]));
      store.read("config", 0, ByteBuffer.allocate(1));
      long begin = threads.getCurrentThreadAllocatedBytes();
      store.create("packs/aa/x", Body.of(List.of(pack)));
      long created = threads.getCurrentThreadAllocatedBytes();
      store.read("packs/aa/x", 0, into);
      long fetched = threads.getCurrentThreadAllocatedBytes();

      assertEquals(pack, into.flip());
      assertTrue(created - begin < PACK_BYTES / 8, "creating took " + (created - begin));
      assertTrue(fetched - created < PACK_BYTES / 8, "fetching took " + (fetched - created));
    }
  }

  @Test
  @Tag("deep")
  void create_packs_isAsFastAsThePlainClient() throws Exception {
    ByteBuffer pack = pack();
    byte[] bytes = new byte[PACK_BYTES];
    pack.duplicate().get(bytes);
    List<Double> own = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    List<Double> resumable = new ArrayList<>();
    Storage client = plainClient();
    try (GcsStore store = Stores.of(server).build()) {
      for (int round = 0; round < 6; round++) {
        own.add(
            bytesPerSecond(
                name -> {
                  store.create(name, Body.of(List.of(pack)));
                  store.delete(name);
                }));
        plain.add(
            bytesPerSecond(
                name -> {
                  client.create(item(name), bytes, BlobTargetOption.disableGzipContent());
                  client.delete(item(name).getBlobId());
                }));
        resumable.add(
            bytesPerSecond(
                name -> {
                  client.createFrom(item(name), new ByteArrayInputStream(bytes));
                  client.delete(item(name).getBlobId());
                }));
      }
    }
    client.close();
    String figures =
        String.format(
            "MB/s: store %.0f, plain client %.0f, plain client resumable %.0f",
            median(own), median(plain), median(resumable));
    System.out.println(figures);
    assertTrue(median(own) >= 0.8 * median(plain), figures);
    assertTrue(median(own) >= 0.8 * median(resumable), figures);
  }

  private Storage plainClient() {
    return StorageOptions.http()
        .setHost(server.endpoint())
        .setProjectId("acme")
        .setCredentials(
            GoogleCredentials.create(
                new AccessToken(Stores.TOKEN, Date.from(Instant.now().plusSeconds(3600)))))
        .build()
        .getService();
  }

  private static BlobInfo item(String name) {
    return BlobInfo.newBuilder(BlobId.of("bucket", name))
        .setContentType("application/octet-stream")
        .build();
  }

  private interface Transfer {
    void run(String name) throws IOException;
  }

  /** Millions of bytes a second, by four threads. */
  private static double bytesPerSecond(Transfer transfer) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "packs/aa/" + i;
        all.add(
            () -> {
              transfer.run(name);
              return true;
            });
      }
      long begin = System.nanoTime();
      for (Future<Boolean> done : threads.invokeAll(all)) {
        done.get();
      }
      return 8.0 * PACK_BYTES * 1000 / (System.nanoTime() - begin);
    } finally {
      threads.shutdownNow();
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
  }
}
