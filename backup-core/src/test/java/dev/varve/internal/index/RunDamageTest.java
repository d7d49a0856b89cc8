package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunDamageTest {

  private static final int PAGE = RunLayout.SEALED_PAGE_BYTES;

  private final Random random = new Random(11);
  private final Place place = new Place();

  @Test
  void read_anyBitFlipped_failsNamingTheRun() throws IOException {
    SealedRun run = place.store(Claims.random(random, 2, 3), random);
    byte[] sound = place.store.bytes(run.name().key());
    for (int bit = 0; bit < sound.length * 8; bit++) {
      byte[] flipped = sound.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      place.store.put(run.name().key(), flipped);
      FormatException failure =
          assertThrows(
              FormatException.class, () -> readAll(place.shelf(), run.name()), "bit " + bit);
      assertTrue(
          failure instanceof NewerFormatException || failure.toString().contains(run.name().key()));
    }
    place.store.put(run.name().key(), sound);
    assertEquals(3, readAll(place.shelf(), run.name()));
  }

  @Test
  void read_runCutOrExtended_fails() throws IOException {
    SealedRun run = place.store(Claims.random(random, 40, 300), random);
    byte[] sound = place.store.bytes(run.name().key());
    RunShelf shelf = place.shelf();
    List<Integer> lengths = new ArrayList<>(List.of(0, 1, 5, 6, 7, 45, 46, 47));
    for (int pages = 0; pages <= sound.length / PAGE + 2; pages++) {
      lengths.addAll(List.of(pages * PAGE + 5, pages * PAGE + 6, pages * PAGE + 7));
    }
    lengths.removeIf(length -> length == sound.length);
    for (int length : lengths) {
      place.store.put(run.name().key(), Arrays.copyOf(sound, length));
      assertThrows(FormatException.class, () -> readAll(shelf, run.name()), "length " + length);
    }
  }

  @Test
  void open_itemShorterThanListed_fails() throws IOException {
    SealedRun run = place.store(Claims.random(random, 40, 300), random);
    byte[] sound = place.store.bytes(run.name().key());
    place.store.put(run.name().key(), Arrays.copyOf(sound, sound.length - PAGE));
    assertThrows(FormatException.class, () -> place.shelf().open(run.name(), sound.length));
  }

  @Test
  void read_pagesSwapped_fails() throws IOException {
    SealedRun run = place.store(Claims.random(random, 10, 300), random);
    byte[] sound = place.store.bytes(run.name().key());
    RunShelf shelf = place.shelf();
    for (int page = 1; page < sound.length / PAGE - 1; page++) {
      byte[] swapped = sound.clone();
      int at = ItemKind.HEADER_BYTES + page * PAGE;
      System.arraycopy(sound, at, swapped, at + PAGE, PAGE);
      System.arraycopy(sound, at + PAGE, swapped, at, PAGE);
      place.store.put(run.name().key(), swapped);
      assertThrows(FormatException.class, () -> readAll(shelf, run.name()));
    }
  }

  @Test
  void open_runOfAnotherName_fails() throws IOException {
    SealedRun run = place.store(Claims.random(random, 1, 5), random);
    RunName other = RunName.random();
    place.store.put(other.key(), place.store.bytes(run.name().key()));
    assertThrows(FormatException.class, () -> place.shelf().open(other));
  }

  @Test
  void open_runOfAnotherRepository_fails() throws IOException {
    SealedRun run = Claims.random(random, 1, 5).seal(place.seal(RepositoryId.random()), random);
    place.store.create(run.name().key(), run.body());
    assertThrows(FormatException.class, () -> place.shelf().open(run.name()));
  }

  @Test
  void lookups_onePageDamaged_hideOnlyWhatItSays() throws IOException {
    Claims damaged = Claims.random(random, 5, 400);
    Claims sound = Claims.random(random, 5, 400);
    List<ChunkId> ids = List.copyOf(damaged.chunks.keySet());
    ChunkId doubled = ids.get(0);
    sound.add(doubled, Claims.location(random, sound.packs.keySet().iterator().next()));
    SealedRun run = place.store(damaged, random);
    byte[] bytes = place.store.bytes(run.name().key());
    bytes[6 + 2 * PAGE + 100] ^= 1; // The first page of chunks, after names and details.
    place.store.put(run.name().key(), bytes);
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().open(run.name()));
    index.add(place.open(sound, random));

    FormatException failure = assertThrows(FormatException.class, () -> index.find(ids.get(1)));
    assertTrue(failure.toString().contains("Page 2 of 9 of the index run " + run.name()));
    assertThrows(FormatException.class, () -> index.findAll(ids.get(1)));
    assertFalse(index.contains(ids.get(1), pack -> true));
    assertEquals(1, index.findAll(doubled).size());
    assertTrue(index.contains(doubled, pack -> true));
    // The first of the next page could also be the last of this one, as far as is known beforehand.
    for (ChunkId id : ids.subList(73, ids.size())) {
      assertTrue(index.find(id).isPresent());
    }
    for (ChunkId id : sound.chunks.keySet()) {
      assertTrue(index.find(id).isPresent());
    }

    ChunkCursor cursor = index.chunks();
    assertThrows(FormatException.class, cursor::next);
    int entries = 0;
    while (cursor.next()) {
      entries++;
    }
    assertEquals(sound.entries() + damaged.entries() - 72, entries);
  }

  @Test
  void lookups_detailsDamaged_packsAreNamedButNotDescribed() throws IOException {
    Claims claims = Claims.random(random, 40, 10);
    SealedRun run = place.store(claims, random);
    byte[] bytes = place.store.bytes(run.name().key());
    bytes[6 + PAGE + 100] ^= 1;
    place.store.put(run.name().key(), bytes);
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().open(run.name()));
    for (ChunkId id : claims.chunks.keySet()) {
      assertTrue(index.find(id).isPresent());
    }
    int known = 0;
    for (var pack : claims.packs.keySet()) {
      try {
        known += index.packs(pack).size();
      } catch (FormatException e) {
        assertTrue(e.toString().contains(run.name().key()));
      }
    }
    assertEquals(40 - 33, known);
    PackCursor cursor = index.packs();
    int failures = 0;
    int packs = 0;
    for (boolean more = true; more; ) {
      try {
        more = cursor.next();
        packs += more ? 1 : 0;
      } catch (FormatException e) {
        failures++;
      }
    }
    assertEquals(33, failures);
    assertEquals(7, packs);
  }

  @Test
  void filter_damagedPage_isDoneWithout() throws IOException {
    Claims claims = Claims.random(random, 5, 1000);
    SealedRun run = place.store(claims, random);
    byte[] bytes = place.store.bytes(run.name().key());
    bytes[6 + 2 * PAGE + 100] ^= 1;
    place.store.put(run.name().key(), bytes);
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().open(run.name()));
    for (int i = 0; i < 1000; i++) {
      assertFalse(index.contains(Claims.id(random), pack -> true));
    }
    assertEquals(0, index.counts().filterBytes());
  }

  /** Reads everything; how many entries there were. */
  private int readAll(RunShelf shelf, RunName name) throws IOException {
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(shelf.open(name));
    PackCursor packs = index.packs();
    while (packs.next()) {
      assertEquals(name, packs.run());
    }
    ChunkCursor chunks = index.chunks();
    int entries = 0;
    while (chunks.next()) {
      assertEquals(name, chunks.run());
      assertTrue(index.find(chunks.id()).isPresent());
      entries++;
    }
    return entries;
  }
}
