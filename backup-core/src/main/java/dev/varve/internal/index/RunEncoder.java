package dev.varve.internal.index;

import dev.varve.internal.crypto.PageSealer;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Lays sorted rows out on pages and seals them, as {@link RunLayout} says: first all names, then
 * all details, then all chunks, then {@link #finish}. Used by one thread. Keeps 8 bytes a page in
 * memory. Does not sort.
 */
final class RunEncoder {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final OutputStream out;
  private final PageSealer sealer;
  private final int detailsBytes;
  private final byte[] page = new byte[RunLayout.FULL_PAGE_BYTES];
  private final byte[] sealed = new byte[RunLayout.SEALED_PAGE_BYTES];
  private long[] firsts = new long[16];
  private int firstCount;
  private Section section;
  private int used;
  private int names;
  private int details;
  private long chunks;

  RunEncoder(RunName name, RunSeal seal, int detailsBytes, OutputStream out) throws IOException {
    this.out = out;
    this.detailsBytes = detailsBytes;
    this.sealer = seal.sealer(name);
    this.section = new RunLayout(0, 0, 0).names();
    Encoder header = new Encoder(ItemKind.HEADER_BYTES);
    ItemKind.RUN.writeHeader(header);
    out.write(header.toBytes());
    out.write(sealer.header());
  }

  /** The next pack's name, at {@code at} in {@code row}. */
  void name(byte[] row, int at) throws IOException {
    names++;
    put(row, at, true);
  }

  /** The next pack's details. */
  void details(byte[] row, int at) throws IOException {
    if (details++ == 0) {
      begin(new RunLayout(names, detailsBytes, 0).details());
    }
    put(row, at, false);
  }

  /** The next chunk entry. */
  void chunk(byte[] row, int at) throws IOException {
    if (chunks++ == 0) {
      begin(new RunLayout(names, detailsBytes, 0).chunkRows());
    }
    put(row, at, true);
  }

  /** Ends the run; {@code out} is not closed. */
  RunLayout finish() throws IOException {
    if (names != details) {
      throw new IllegalStateException(names + " packs have names, " + details + " have details");
    }
    RunLayout layout = new RunLayout(names, names == 0 ? 0 : detailsBytes, chunks);
    long[] prefixes = firsts;
    int prefixCount = firstCount;
    begin(layout.tail());
    byte[] row = new byte[RunLayout.TAIL_ROW_BYTES];
    for (int i = 0; i < prefixCount; i++) {
      LONG.set(row, 0, prefixes[i]);
      put(row, 0, false);
    }
    if (used > section.rowsPerPage() - RunLayout.TRAILER_ROWS) {
      emit(false);
    }
    layout.write(page);
    emit(true);
    return layout;
  }

  private void begin(Section next) throws IOException {
    if (used > 0) {
      emit(false);
    }
    section = next;
  }

  private void put(byte[] row, int at, boolean sorted) throws IOException {
    if (used == section.rowsPerPage()) {
      emit(false);
    }
    if (sorted && used == 0) {
      if (firstCount == firsts.length) {
        firsts = Arrays.copyOf(firsts, 2 * firstCount);
      }
      firsts[firstCount++] = (long) LONG.get(row, at);
    }
    System.arraycopy(row, at, page, used * section.rowBytes(), section.rowBytes());
    used++;
  }

  private void emit(boolean last) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(sealed);
    sealer.seal(ByteBuffer.wrap(page, 0, sealer.nextPlainBytes()), last, into);
    out.write(sealed, 0, into.position());
    Arrays.fill(page, (byte) 0);
    used = 0;
  }
}
