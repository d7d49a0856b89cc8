package dev.varve.internal.index;

import dev.varve.internal.crypto.PageSealer;
import dev.varve.internal.crypto.Pages;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RunName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Fuzzes runs, as they rest and inside their seals. */
public final class IndexFuzz {

  private static final Place PLACE = new Place();
  private static final int MOST_PAGES = 12;

  private IndexFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    try {
      return List.of(
          new FuzzTarget("run", IndexFuzz::run, List.of(stored(2, 3))),
          new FuzzTarget(
              "forged-run",
              IndexFuzz::forgedRun,
              List.of(plain(2, 3), plain(0, 0), plain(3, 200))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(byte[] data) throws IOException {
    RunName name = RunName.random();
    PLACE.store.put(name.key(), data);
    try {
      readAll(name);
    } finally {
      PLACE.store.remove(name.key());
    }
  }

  /** Pages sealed with the real key that may say anything. */
  private static void forgedRun(byte[] data) throws IOException {
    RunName name = RunName.random();
    PageSealer sealer = PLACE.seal.sealer(name);
    Encoder header = new Encoder(ItemKind.HEADER_BYTES);
    ItemKind.RUN.writeHeader(header);
    ByteArrayOutputStream item = new ByteArrayOutputStream();
    item.write(header.toBytes());
    item.write(sealer.header());
    int at = 0;
    for (int page = 0; page < MOST_PAGES && (page == 0 || at < data.length); page++) {
      int bytes = sealer.nextPlainBytes();
      byte[] plain = Arrays.copyOfRange(data, Math.min(at, data.length), at + bytes);
      at += bytes;
      boolean last = page == MOST_PAGES - 1 || at >= data.length;
      ByteBuffer sealed = ByteBuffer.allocate(2 * RunLayout.SEALED_PAGE_BYTES);
      sealer.seal(ByteBuffer.wrap(plain), last, sealed);
      item.write(sealed.array(), 0, sealed.position());
    }
    run(name, item.toByteArray());
  }

  private static void run(RunName name, byte[] item) throws IOException {
    PLACE.store.put(name.key(), item);
    try {
      readAll(name);
    } finally {
      PLACE.store.remove(name.key());
    }
  }

  /** Everything is tried; what is damaged hides nothing else. */
  private static void readAll(RunName name) throws IOException {
    ChunkIndex index = new ChunkIndex(IndexMemory.DEFAULT);
    index.add(PLACE.shelf().open(name));
    PackCursor packs = index.packs();
    int refused = 0;
    for (boolean more = true; more; ) {
      try {
        more = packs.next();
        if (more) {
          index.packs(packs.pack().name());
        }
      } catch (FormatException e) {
        refused++;
      }
    }
    ChunkCursor chunks = index.chunks();
    for (boolean more = true; more; ) {
      try {
        more = chunks.next();
        if (more) {
          chunks.location();
          index.findAll(chunks.id());
        }
      } catch (FormatException e) {
        refused++;
      }
    }
    index.contains(ChunkId.at(new byte[ChunkId.BYTES], 0), place -> true);
    if (refused > MOST_PAGES * 1000) {
      throw new IllegalStateException(refused + " failures of " + MOST_PAGES + " pages");
    }
  }

  private static byte[] stored(int packs, int chunks) throws IOException {
    Random random = new Random(5);
    SealedRun run = PLACE.store(Claims.random(random, packs, chunks), random);
    return PLACE.store.bytes(run.name().key());
  }

  /** The plaintext of a run that is one. */
  private static byte[] plain(int packs, int chunks) throws IOException {
    Random random = new Random(7);
    SealedRun run = PLACE.store(Claims.random(random, packs, chunks), random);
    byte[] item = PLACE.store.bytes(run.name().key());
    int begin = ItemKind.HEADER_BYTES;
    byte[] header = Arrays.copyOfRange(item, begin, begin + StreamSeal.HEADER_BYTES);
    Pages pages = PLACE.seal.pages(run.name(), header, item.length - begin);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    int count = (item.length - begin) / RunLayout.SEALED_PAGE_BYTES;
    for (int page = 0; page < count; page++) {
      byte[] opened = new byte[RunLayout.FULL_PAGE_BYTES];
      int sealedAt = begin + page * RunLayout.SEALED_PAGE_BYTES + (page == 0 ? 40 : 0);
      int sealedEnd = begin + (page + 1) * RunLayout.SEALED_PAGE_BYTES;
      pages.open(
          page, ByteBuffer.wrap(item, sealedAt, sealedEnd - sealedAt), ByteBuffer.wrap(opened));
      plain.write(opened, 0, page == 0 ? RunLayout.PAGE_BYTES : RunLayout.FULL_PAGE_BYTES);
    }
    return plain.toByteArray();
  }
}
