package dev.varve.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.ConfigurationException;
import dev.varve.key.KeyFile;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.MemoryStore;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Stored items are flipped, cut, lengthened, swapped and replaced, and everything is restored and
 * checked through the door: no wrong byte comes out, what is lost is named, and what is not noticed
 * is harmless, of a kind that is listed here.
 *
 * <p>Not noticed by any level of check, because nothing depends on it: what follows the JSON value
 * in the config, damaged checkpoints, which are passed over, and a sound key slot of another
 * repository in place of one that was not used to open this one. Blocks and the markers before them
 * are looked at by the level DATA alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamageTest {

  private static final int FLIPS = Boolean.getBoolean("varve.deep") ? 5_000 : 200;

  private final Random random = Seeds.random(DamageTest.class);
  private final MemoryStore store = new MemoryStore();
  private final List<MemorySource> sources =
      List.of(source("first"), source("second"), source("third"));

  private static MemorySource source(String text) {
    return new MemorySource()
        .directory("d")
        .file("d/" + text, text)
        .file("d/large", 150_000, 1)
        .file("d/" + text + "-large", 100_000, text.hashCode())
        .file("empty", "")
        .link("link", "d/large");
  }

  @BeforeAll
  void prepare() {
    try (Repository repository = Repositories.create(store.handle())) {
      repository.keys().add("spare", KeyFile.generate());
      sources.forEach(source -> Repositories.backup(repository, source));
    }
    assertEquals(Verdict.UNNOTICED, Verdict.of(store.fork(), sources));
  }

  @Test
  void flippedBits_anyItem_areNoticedOrHarmless() {
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    List<String> keys = List.copyOf(store.keys());
    for (int i = 0; i < FLIPS; i++) {
      String key = keys.get(i % keys.size());
      int bit = random.nextInt(8 * store.bytes(key).length);
      String what = key + " bit " + bit;
      MemoryStore place = with(key, bytes -> flipped(bytes, bit));
      Verdict verdict = judge(what, place);
      verdicts.merge(verdict, 1, Integer::sum);
      assertTrue(verdict != Verdict.UNNOTICED || isHarmless(key, bit / 8), what);
    }
    System.out.println("Flipped bits: " + verdicts);
    assertTrue(verdicts.getOrDefault(Verdict.LOSS_NAMED, 0) > 0, verdicts.toString());
  }

  @Test
  void wholeLogGone_isALoss_andNoNewRepository() {
    MemoryStore place = store.fork();
    List.copyOf(place.keys("log/")).forEach(place::remove);
    BackupException e = assertThrows(BackupException.class, () -> Repositories.open(place));
    assertTrue(String.valueOf(e.getMessage()).contains("log/0000000000000000"), e.toString());
    assertEquals(0, place.keys("log/").size());
  }

  @Test
  void cutItems_anyLength_areNoticedOrHarmless() {
    for (String key : store.keys()) {
      int length = store.bytes(key).length;
      for (int cut : new int[] {0, 1, 5, 6, random.nextInt(length), length - 4, length - 1}) {
        if (cut >= 0 && cut < length) {
          Verdict verdict = judge(key + " cut to " + cut, with(key, b -> Arrays.copyOf(b, cut)));
          assertTrue(verdict != Verdict.UNNOTICED || isHarmless(key, cut), key + " cut to " + cut);
        }
      }
    }
  }

  @Test
  void lengthenedItems_areNoticedOrHarmless() {
    for (String key : store.keys()) {
      int length = store.bytes(key).length;
      for (int more : new int[] {1, 16, 4096, 1 << 20}) {
        byte[] tail = new byte[more];
        random.nextBytes(tail);
        Verdict verdict = judge(key + " and " + more, with(key, b -> joined(b, tail)));
        assertTrue(verdict != Verdict.UNNOTICED || isHarmless(key, length), key + " and " + more);
      }
    }
  }

  @Test
  void swappedItems_ofOneKind_areNoticed() {
    for (String prefix : List.of("keys/", "log/", "packs/", "index/")) {
      List<String> keys = List.copyOf(store.keys(prefix));
      for (int i = 1; i < keys.size(); i++) {
        String one = keys.get(i - 1);
        String other = keys.get(i);
        MemoryStore place = store.fork();
        place.put(one, store.bytes(other));
        place.put(other, store.bytes(one));
        assertTrue(judge(one + " and " + other, place) != Verdict.UNNOTICED, one + " " + other);
      }
    }
  }

  @Test
  void itemsOfAnotherRepository_inPlaceOfOnesOwn_areNoticed() {
    MemoryStore other = new MemoryStore();
    try (Repository repository = Repositories.create(other.handle())) {
      repository.keys().add("spare", KeyFile.generate());
      sources.forEach(source -> Repositories.backup(repository, source));
    }
    for (String prefix : List.of("config", "log/", "packs/", "index/")) {
      List<String> theirs = List.copyOf(other.keys(prefix));
      List<String> own = List.copyOf(store.keys(prefix));
      for (int i = 0; i < own.size(); i++) {
        byte[] foreign = other.bytes(theirs.get(i % theirs.size()));
        Verdict verdict = judge("foreign " + own.get(i), with(own.get(i), b -> foreign));
        assertTrue(verdict != Verdict.UNNOTICED, "foreign " + own.get(i));
      }
    }
  }

  @Test
  void itemsAddedThatNobodyNamed_areNoHindrance() {
    MemoryStore place = store.fork();
    place.put("packs/00/" + "00".repeat(16), new byte[100]);
    place.put("index/" + "00".repeat(16), new byte[100]);
    place.put("keys/" + "00".repeat(16), new byte[100]);
    place.put("checkpoints/0000000000000001-" + "00".repeat(16), new byte[100]);
    place.put("locks/x", new byte[100]);
    place.put("log/readme", new byte[100]);
    assertFalse(Verdict.of(place, sources) == Verdict.REFUSED);
    assertFalse(Verdict.of(place, sources) == Verdict.LOSS_NAMED);
  }

  @Test
  void newerVersions_areSaidToBeNewer() {
    MemoryStore newer =
        with("config", b -> new String(b, UTF_8).replace(":1,", ":2,").getBytes(UTF_8));
    ConfigurationException told =
        assertThrows(ConfigurationException.class, () -> Repositories.open(newer.handle()));
    assertTrue(String.valueOf(told.getMessage()).contains("2"), told.toString());
    for (String prefix : List.of("log/", "packs/", "index/")) {
      for (String key : store.keys(prefix)) {
        Verdict verdict = judge("newer " + key, with(key, bytes -> version(bytes, 2)));
        assertTrue(verdict != Verdict.UNNOTICED || isHarmless(key, 5), "version changed of " + key);
      }
    }
    List<String> slots = List.copyOf(store.keys("log/"));
    MemoryStore head = with(slots.get(slots.size() - 1), bytes -> version(bytes, 2));
    BackupException refused =
        assertThrows(BackupException.class, () -> Repositories.open(head.handle()));
    assertTrue(String.valueOf(refused.getMessage()).contains("newer"), refused.toString());
    MemoryStore keys = store.fork();
    keys.keys("keys/").forEach(key -> keys.corrupt(key, bytes -> version(bytes, 2)));
    BackupException locked =
        assertThrows(BackupException.class, () -> Repositories.open(keys.handle()));
    assertTrue(String.valueOf(locked.getMessage()).contains("newer"), locked.toString());
  }

  /** Whether nothing depends on this byte of an item, as the class comment lists. */
  private boolean isHarmless(String key, int at) {
    return (key.equals("config") && at >= store.bytes(key).length - 1)
        || key.startsWith("checkpoints/");
  }

  private Verdict judge(String what, MemoryStore place) {
    try {
      return Verdict.of(place, sources);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("After damage to " + what + ": " + e, e);
    }
  }

  private MemoryStore with(String key, UnaryOperator<byte[]> change) {
    MemoryStore place = store.fork();
    place.corrupt(key, change);
    return place;
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    return bytes;
  }

  private static byte[] version(byte[] bytes, int version) {
    bytes[5] = (byte) version;
    return bytes;
  }

  private static byte[] joined(byte[] bytes, byte[] tail) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + tail.length);
    System.arraycopy(tail, 0, joined, bytes.length, tail.length);
    return joined;
  }
}
