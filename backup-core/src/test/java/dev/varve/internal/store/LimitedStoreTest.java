package dev.varve.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import dev.varve.testkit.ForwardingStore;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class LimitedStoreTest {

  private static final int RATE = 1 << 20;
  private static final byte[] BYTES = new byte[3 * RATE];

  private final InstantPause pause = new InstantPause();
  private final Store memory = new MemoryStore();

  LimitedStoreTest() {
    new Random(5).nextBytes(BYTES);
  }

  private Store limited(OptionalLong upload, OptionalLong download) {
    return new TransferLimits(upload, download).limit(memory, pause);
  }

  private Duration waited() {
    return pause.pauses().stream().reduce(Duration.ZERO, Duration::plus);
  }

  private static void assertNear(double seconds, Duration waited) {
    double difference = Math.abs(waited.toNanos() / 1e9 - seconds);
    assertTrue(difference < 0.4, waited + " and not " + seconds + " s");
  }

  @Test
  void create_limited_takesItsTimeInManySmallSteps() throws IOException {
    limited(OptionalLong.of(RATE), OptionalLong.empty()).create("packs/aa/x", Body.of(BYTES));

    assertNear(3, waited());
    assertTrue(pause.pauses().stream().allMatch(p -> p.toMillis() < 100), "no bursts");
    ByteBuffer there = ByteBuffer.allocate(BYTES.length);
    memory.read("packs/aa/x", 0, there);
    assertArrayEquals(BYTES, there.array());
  }

  @Test
  void create_onlyDownloadsAreLimited_isNotSlowed() throws IOException {
    limited(OptionalLong.empty(), OptionalLong.of(RATE)).create("packs/aa/x", Body.of(BYTES));

    assertEquals(Duration.ZERO, waited());
  }

  @Test
  void create_bodyLookedAtForADigest_countsOnce() throws IOException {
    TransferLimits limits = new TransferLimits(OptionalLong.of(RATE), OptionalLong.empty());

    limits.limit(new Digesting(memory), pause).create("packs/aa/x", Body.of(BYTES));

    assertNear(3, waited());
  }

  @Test
  void create_cancelledOnTheWay_isCancelledWhateverTheStoreMakesOfIt() {
    pause.cancelAfter(5);

    assertThrows(
        CancellationException.class,
        () -> limited(OptionalLong.of(RATE), OptionalLong.empty()).create("x", Body.of(BYTES)));
  }

  @Test
  void read_limited_takesItsTimeAndIsExact() throws IOException {
    memory.create("packs/aa/x", Body.of(BYTES));
    ByteBuffer there = ByteBuffer.allocate(BYTES.length).position(7);

    limited(OptionalLong.empty(), OptionalLong.of(RATE)).read("packs/aa/x", 7, there);

    assertEquals(0, there.remaining());
    there.position(0).put(BYTES, 0, 7);
    assertArrayEquals(BYTES, there.array());
    // What was asked for last is not waited for.
    assertNear(2, waited());
  }

  @Test
  void read_cancelled_says() throws IOException {
    memory.create("x", Body.of(BYTES));
    pause.cancelAfter(1);

    assertThrows(
        CancellationException.class,
        () ->
            limited(OptionalLong.empty(), OptionalLong.of(RATE))
                .read("x", 0, ByteBuffer.allocate(BYTES.length)));
  }

  @Test
  void pass_afterARest_makesUpForLittle() {
    Throttle throttle = new Throttle(RATE, pause);
    pause.pause(Duration.ofHours(1));
    int before = pause.pauses().size();

    throttle.pass(RATE);
    throttle.pass(RATE);

    Duration after =
        pause.pauses().subList(before, pause.pauses().size()).stream()
            .reduce(Duration.ZERO, Duration::plus);
    assertNear(0.75, after);
  }

  /** Looks at a body before it sends it. */
  private static final class Digesting extends ForwardingStore {
    Digesting(Store store) {
      super(store);
    }

    @Override
    public Stored create(String key, Body body) throws IOException {
      body.local().writeTo(Channels.newChannel(OutputStream.nullOutputStream()));
      try (InputStream in = body.cold().local().open()) {
        in.readAllBytes();
      }
      return super.create(key, body);
    }
  }

  @Test
  void limits_tooSlowForStores_areRefused() {
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> new TransferLimits(OptionalLong.of(1000), OptionalLong.empty()));
    assertTrue(String.valueOf(refused.getMessage()).contains("64 KiB"));
  }
}
