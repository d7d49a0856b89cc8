package dev.varve.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.crypto.PageSealer;
import dev.varve.internal.crypto.Pages;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Runs that are sealed with the right key but say what no run may say. */
class HostileRunTest {

  private static final int NAMES = 0;
  private static final int DETAILS = 1;
  private static final int CHUNKS = 2;
  private static final int TAIL = 5;

  private final Random random = new Random(31);
  private final Place place = new Place();
  private final Claims claims = Claims.random(random, 20, 200);

  @Test
  void read_rowsOutOfOrder_fails() throws IOException {
    assertRefused(pages -> swapRows(pages[CHUNKS], 3, 4, ChunkRow.BYTES));
    assertRefused(pages -> swapRows(pages[CHUNKS + 1], 70, 71, ChunkRow.BYTES));
    assertRefused(pages -> swapRows(pages[NAMES], 18, 19, 16));
  }

  @Test
  void read_rowTwice_fails() throws IOException {
    assertRefused(pages -> System.arraycopy(pages[CHUNKS], 0, pages[CHUNKS], 56, 56));
    assertRefused(
        pages -> {
          System.arraycopy(pages[NAMES], 0, pages[NAMES], 16, 16);
          System.arraycopy(pages[DETAILS], 0, pages[DETAILS], 120, 120);
        });
  }

  @Test
  void read_pageThatRepeatsTheOneBefore_fails() throws IOException {
    assertRefused(
        pages -> {
          System.arraycopy(pages[CHUNKS], 0, pages[CHUNKS + 1], 0, RunLayout.PAGE_BYTES);
          System.arraycopy(pages[TAIL], 8, pages[TAIL], 16, 8);
        });
  }

  @Test
  void read_tailThatIsNotWhatPagesBeginWith_fails() throws IOException {
    for (int entry = 0; entry < 4; entry++) {
      int at = entry * 8;
      assertRefused(pages -> pages[TAIL][at] ^= 1);
      assertRefused(pages -> pages[TAIL][at + 7] ^= 1);
    }
  }

  @Test
  void read_packRowOutOfRange_fails() throws IOException {
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 32, 20));
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 32, -1));
  }

  @Test
  void read_placeWhereNoChunkCanBe_fails() throws IOException {
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 36, -1));
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 44, 0));
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 48, -1));
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 52, 0));
    assertRefused(pages -> set(pages[CHUNKS], 5 * 56 + 52, (16 << 20) + 1));
  }

  @Test
  void read_detailsThatMakeNoSense_fails() throws IOException {
    assertRefused(pages -> pages[DETAILS][0] = 9);
    assertRefused(pages -> pages[DETAILS][1] = -1);
    assertRefused(pages -> pages[DETAILS][41] = -1);
    assertRefused(pages -> pages[DETAILS][46] = 1);
  }

  @Property(tries = 300)
  void read_anythingThatIsSealed_failsOnlyAsDamage(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int changes) throws IOException {
    Random own = new Random(seed);
    RunName name =
        store(
            pages -> {
              for (int i = 0; i < changes; i++) {
                byte[] page = pages[own.nextInt(pages.length)];
                page[own.nextInt(RunLayout.PAGE_BYTES)] = (byte) own.nextInt();
              }
            });
    try {
      assertTrue(readAll(name) >= 0);
    } catch (FormatException e) {
      assertTrue(e.toString().contains(name.key()));
    }
  }

  private void assertRefused(Consumer<byte[][]> change) throws IOException {
    RunName name = store(change);
    assertThrows(FormatException.class, () -> readAll(name));
    RunShelf shelf = place.shelf();
    assertThrows(
        FormatException.class,
        () ->
            new RunMerger(place.seal, pack -> false)
                .merge(List.of(shelf.open(name)), RunName.random()));
  }

  private int readAll(RunName name) throws IOException {
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(place.shelf().open(name));
    PackCursor packs = index.packs();
    while (packs.next()) {
      assertTrue(index.packs(packs.pack().name()).size() > 0);
    }
    ChunkCursor chunks = index.chunks();
    int entries = 0;
    while (chunks.next()) {
      ChunkId id = chunks.id();
      assertTrue(index.findAll(id).contains(chunks.location()));
      entries++;
    }
    return entries;
  }

  /** Stores a run with changed pages, sealed as it should be. */
  private RunName store(Consumer<byte[][]> change) throws IOException {
    SealedRun sound = claims.seal(place.seal, random);
    byte[] item = new byte[(int) sound.body().length()];
    assertEquals(item.length, sound.body().open().readNBytes(item, 0, item.length));
    int headerEnd = ItemKind.HEADER_BYTES + RunLayout.STREAM_HEADER_BYTES;
    Pages opened =
        place.seal.pages(
            sound.name(),
            Arrays.copyOfRange(item, ItemKind.HEADER_BYTES, headerEnd),
            item.length - ItemKind.HEADER_BYTES);
    byte[][] pages = new byte[(int) opened.count()][RunLayout.FULL_PAGE_BYTES];
    for (int page = 0; page < pages.length; page++) {
      int at = ItemKind.HEADER_BYTES + (int) Pages.sealedOffset(page);
      opened.open(
          page, ByteBuffer.wrap(item, at, opened.sealedLength(page)), ByteBuffer.wrap(pages[page]));
    }
    change.accept(pages);
    return reseal(pages);
  }

  private RunName reseal(byte[][] pages) {
    RunName name = RunName.random();
    PageSealer sealer = place.seal.sealer(name);
    Encoder out = new Encoder(pages.length * RunLayout.SEALED_PAGE_BYTES);
    ItemKind.RUN.writeHeader(out);
    out.raw(sealer.header());
    for (int page = 0; page < pages.length; page++) {
      ByteBuffer sealed = ByteBuffer.allocate(RunLayout.SEALED_PAGE_BYTES);
      ByteBuffer plain = ByteBuffer.wrap(pages[page], 0, sealer.nextPlainBytes());
      sealer.seal(plain, page == pages.length - 1, sealed);
      out.raw(sealed.array(), 0, sealed.position());
    }
    place.store.put(name.key(), out.toBytes());
    return name;
  }

  private static void swapRows(byte[] page, int one, int other, int width) {
    byte[] kept = Arrays.copyOfRange(page, one * width, one * width + width);
    System.arraycopy(page, other * width, page, one * width, width);
    System.arraycopy(kept, 0, page, other * width, width);
  }

  private static void set(byte[] page, int at, int value) {
    ByteBuffer.wrap(page).putInt(at, value);
  }
}
