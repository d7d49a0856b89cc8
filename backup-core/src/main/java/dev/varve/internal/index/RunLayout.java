package dev.varve.internal.index;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;

/**
 * Where everything lies in a run, which follows from three counts. A value.
 *
 * <p>A run, {@code index/<32 hex>}, is the plain header of {@link ItemKind#RUN}, 6 bytes, and one
 * streaming ciphertext (Tink's {@code AES256_GCM_HKDF}: HKDF-SHA-256, 256-bit keys, ciphertext
 * segments of 4096 bytes) under the index sealing key, bound to the run's key at position 0. A
 * segment is a page: page {@code n} lies at offset {@code 6 + 4096 n} of the item; page 0 begins
 * with the 40 bytes of the stream's own header, so its plaintext has 4040 bytes, that of all others
 * 4080, of which the last 40 are zero. The last page is sealed as the last segment. So an item has
 * exactly {@code 6 + 4096 × pages} bytes.
 *
 * <p>The plaintext is four sections, each beginning on a page of its own. A section is a sequence
 * of rows of one width; a page holds {@code 4040 / width} of them (rounded down) and is filled with
 * zeros; only a section's last page may hold fewer. A section without rows has no pages. Numbers
 * are big endian, rows are sorted as unsigned bytes.
 *
 * <ol>
 *   <li><em>Names</em>: the packs spoken of, 16 bytes each, 252 a page. Row {@code n} here and row
 *       {@code n} of the next section together are pack {@code n}; these pairs strictly ascend. Two
 *       claims about one pack may stand one after the other.
 *   <li><em>Details</em>: per pack {@code width} bytes, 48 to 4040 and the same for all: u8 kind,
 *       u64 stored length, 32 bytes SHA-256 of the stored bytes, u32 epoch, u8 sealing, u16 length
 *       of the sealed block key, the key, zeros.
 *   <li><em>Chunks</em>: 56 bytes each, 72 a page, strictly ascending: 32 bytes id, u32 pack (its
 *       row above), u32 block ordinal, u32 block offset in the pack, u32 sealed block length, u32
 *       chunk offset in the block's plaintext, u32 chunk length. The kind is not said: each kind
 *       has an id key of its own, so the ids of different kinds differ.
 *   <li><em>Tail</em>: 8 bytes each, 505 a page, never empty: the first 8 bytes of the first row of
 *       every names page, then of every chunks page; zeros; and as the last 4 rows of the last page
 *       (bytes 4008 to 4039) u64 chunk count, u32 pack count, u16 width of details (0 without
 *       packs), 18 zero bytes.
 * </ol>
 *
 * <p>Limits: {@value #MAX_PAGES} pages; sealed block keys of {@value #MAX_KEY_BYTES} bytes.
 *
 * @param packs how many packs it speaks of
 * @param detailsBytes the width of a row of details; 0 without packs
 * @param chunks how many chunk entries it has
 */
record RunLayout(int packs, int detailsBytes, long chunks) {

  /** The length of a sealed page. */
  static final int SEALED_PAGE_BYTES = 4096;

  /** The length of the streaming ciphertext's header, which shortens page 0. */
  static final int STREAM_HEADER_BYTES = 40;

  /** What sealing adds to a page. */
  static final int TAG_BYTES = 16;

  /** How many bytes of a page rows may take: what page 0 has room for. */
  static final int PAGE_BYTES = SEALED_PAGE_BYTES - STREAM_HEADER_BYTES - TAG_BYTES;

  /** The plaintext length of all pages but the first. */
  static final int FULL_PAGE_BYTES = SEALED_PAGE_BYTES - TAG_BYTES;

  /** The most pages of a run: 4 GiB, 75 million chunks; stores take items of 5 GB. */
  static final int MAX_PAGES = 1 << 20;

  /** The width of a row of details without its key. */
  static final int DETAILS_FIXED_BYTES = 48;

  /** The longest sealed block key. */
  static final int MAX_KEY_BYTES = PAGE_BYTES - DETAILS_FIXED_BYTES;

  /** The width of a row of the tail. */
  static final int TAIL_ROW_BYTES = 8;

  private static final int TRAILER_BYTES = 32;

  /** How many rows of the tail the trailer takes. */
  static final int TRAILER_ROWS = TRAILER_BYTES / TAIL_ROW_BYTES;

  private static final int ZEROS = 18;

  Section names() {
    return new Section(Section.Kind.NAMES, 0, packs, PackRow.NAME_BYTES);
  }

  Section details() {
    return new Section(Section.Kind.DETAILS, names().endPage(), packs, Math.max(1, detailsBytes));
  }

  Section chunkRows() {
    return new Section(Section.Kind.CHUNKS, details().endPage(), chunks, ChunkRow.BYTES);
  }

  /** First rows of names pages, then of chunks pages, then the trailer. */
  Section tail() {
    long rows = (long) names().pages() + chunkRows().pages() + TRAILER_ROWS;
    int perPage = PAGE_BYTES / TAIL_ROW_BYTES;
    long whole = (rows + perPage - 1) / perPage * perPage;
    return new Section(Section.Kind.TAIL, chunkRows().endPage(), whole, TAIL_ROW_BYTES);
  }

  int pages() {
    return tail().endPage();
  }

  /** The item's length. */
  long storedBytes() {
    return storedBytes(pages());
  }

  static long storedBytes(int pages) {
    return ItemKind.HEADER_BYTES + (long) pages * SEALED_PAGE_BYTES;
  }

  /** How many pages an item of this length has. */
  static int pages(long storedBytes) throws FormatException {
    long sealed = storedBytes - ItemKind.HEADER_BYTES;
    long pages = sealed / SEALED_PAGE_BYTES;
    if (sealed <= 0 || sealed % SEALED_PAGE_BYTES != 0 || pages > MAX_PAGES) {
      throw new FormatException(
          "A run has 6 bytes and 1 to " + MAX_PAGES + " pages of 4096, not " + storedBytes);
    }
    return (int) pages;
  }

  /** Writes the trailer into the last page. */
  void write(byte[] lastPage) {
    Encoder out = new Encoder(TRAILER_BYTES);
    out.u64(chunks).u32(packs).u16(detailsBytes).raw(new byte[ZEROS]);
    System.arraycopy(out.array(), 0, lastPage, PAGE_BYTES - TRAILER_BYTES, TRAILER_BYTES);
  }

  /** Reads the trailer in the last of {@code pages} pages and checks that it explains them all. */
  static RunLayout read(byte[] lastPage, int pages) throws FormatException {
    Decoder in = new Decoder(lastPage, PAGE_BYTES - TRAILER_BYTES, TRAILER_BYTES);
    long chunks = in.u64();
    long packs = in.u32();
    int detailsBytes = in.u16();
    for (int i = 0; i < ZEROS; i++) {
      if (in.u8() != 0) {
        throw new FormatException("The run's trailer says more than this software understands");
      }
    }
    long most = (long) MAX_PAGES * PAGE_BYTES;
    boolean plausible =
        chunks >= 0
            && chunks <= most / ChunkRow.BYTES
            && packs <= most / PackRow.NAME_BYTES
            && (packs == 0
                ? detailsBytes == 0
                : detailsBytes >= DETAILS_FIXED_BYTES && detailsBytes <= PAGE_BYTES);
    if (plausible) {
      RunLayout layout = new RunLayout((int) packs, detailsBytes, chunks);
      if (layout.pages() == pages) {
        return layout;
      }
    }
    throw new FormatException(
        packs + " packs and " + chunks + " chunks do not make a run of " + pages + " pages");
  }
}
