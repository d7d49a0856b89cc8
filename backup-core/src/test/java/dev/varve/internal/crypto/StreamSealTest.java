package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import dev.varve.internal.format.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamSealTest {

  private static final byte[] KEY = Known.bytes(32, 1);
  private static final byte[] ASSOCIATED = Known.bytes(50, 2);

  private final StreamSeal seal = new StreamSeal(KEY);

  /** Around every boundary between segments there is. */
  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4039, 4040, 4041, 8119, 8120, 8121, 12_199, 12_200, 12_201, 65_536, 1_100_000})
  void seal_andTinksStreamingAead_openEachOther(int plainBytes) throws Exception {
    byte[] plain = Known.bytes(plainBytes, 3);
    AesGcmHkdfStreaming tink = new AesGcmHkdfStreaming(KEY, "HmacSha256", 32, 4096, 0);

    byte[] ours = sealed(plain);
    assertEquals(tink.expectedCiphertextSize(plainBytes), ours.length);
    try (InputStream in = tink.newDecryptingStream(new ByteArrayInputStream(ours), ASSOCIATED)) {
      assertArrayEquals(plain, in.readAllBytes());
    }

    ByteArrayOutputStream theirs = new ByteArrayOutputStream();
    try (OutputStream out = tink.newEncryptingStream(theirs, ASSOCIATED)) {
      out.write(plain);
    }
    assertArrayEquals(plain, opened(theirs.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4040, 4041, 8120, 20_000})
  void seal_anyKindOfBuffer_opensWithAnyOther(int plainBytes) throws Exception {
    byte[] plain = Known.bytes(plainBytes, 4);
    int sealedBytes = (int) StreamSeal.sealedLength(plainBytes);
    for (int kind = 0; kind < 16; kind++) {
      ByteBuffer from = buffer(kind & 1, plainBytes).put(plain).flip().position(3);
      ByteBuffer sealed = buffer(kind >> 1 & 1, sealedBytes);
      seal.seal(from.slice(), ASSOCIATED, sealed);
      assertEquals(0, sealed.remaining());
      ByteBuffer again = buffer(kind >> 2 & 1, sealedBytes).put(sealed.flip().position(3)).flip();
      ByteBuffer opened = buffer(kind >> 3 & 1, plainBytes);
      seal.open(again.position(3), ASSOCIATED, opened);
      assertArrayEquals(plain, bytes(opened.flip().position(3)));
    }
  }

  /** A buffer whose content begins at position 3, in an array with an offset if it has one. */
  private static ByteBuffer buffer(int direct, int bytes) {
    ByteBuffer whole =
        direct == 1 ? ByteBuffer.allocateDirect(bytes + 8) : ByteBuffer.allocate(bytes + 8);
    return whole.position(5).slice().position(3);
  }

  @Test
  void open_anyBitChanged_isRefused() {
    byte[] sealed = sealed(Known.bytes(8500, 5));
    for (int bit = 0; bit < 8 * sealed.length; bit += bit < 400 ? 1 : 37) {
      byte[] changed = Known.flipped(sealed, bit);
      assertThrows(FormatException.class, () -> opened(changed));
    }
  }

  @Test
  void open_cutOrExtendedAnywhere_isRefused() {
    byte[] sealed = sealed(Known.bytes(8500, 5));
    for (int length = 0; length < sealed.length + 5000; length += length % 4096 < 100 ? 1 : 53) {
      byte[] other = Arrays.copyOf(sealed, length);
      if (length != sealed.length) {
        assertThrows(FormatException.class, () -> opened(other), "length " + length);
      }
    }
  }

  @Test
  void open_segmentsSwappedDroppedOrFromAnotherSeal_isRefused() {
    byte[] plain = Known.bytes(5 * StreamSeal.PLAIN_SEGMENT_BYTES, 6);
    byte[] sealed = sealed(plain);
    byte[] other = sealed(plain);
    for (int i = 1; i < 4; i++) {
      byte[] swapped = sealed.clone();
      System.arraycopy(sealed, i * 4096, swapped, (i + 1) * 4096, 4096);
      System.arraycopy(sealed, (i + 1) * 4096, swapped, i * 4096, 4096);
      assertThrows(FormatException.class, () -> opened(swapped));

      byte[] mixed = sealed.clone();
      System.arraycopy(other, i * 4096, mixed, i * 4096, 4096);
      assertThrows(FormatException.class, () -> opened(mixed));

      byte[] shorter = Arrays.copyOf(sealed, sealed.length - 4096);
      System.arraycopy(sealed, (i + 1) * 4096, shorter, i * 4096, shorter.length - i * 4096);
      assertThrows(FormatException.class, () -> opened(shorter));
    }
    byte[] withoutLast = Arrays.copyOf(sealed, 5 * 4096);
    assertThrows(FormatException.class, () -> opened(withoutLast));
  }

  @Test
  void open_elsewhereOrWithAnotherKey_isRefusedAndLeavesThePosition() {
    byte[] sealed = sealed(Known.bytes(100, 7));
    ByteBuffer plain = ByteBuffer.allocate(200).position(17);
    assertThrows(
        FormatException.class,
        () -> seal.open(ByteBuffer.wrap(sealed), Known.flipped(ASSOCIATED, 9), plain));
    assertThrows(
        FormatException.class,
        () -> new StreamSeal(Known.bytes(32, 8)).open(ByteBuffer.wrap(sealed), ASSOCIATED, plain));
    assertEquals(17, plain.position());
  }

  @Test
  void seal_twice_sharesNothing() {
    byte[] plain = new byte[100];
    byte[] once = sealed(plain);
    byte[] again = sealed(plain);
    assertFalse(Arrays.equals(once, 0, 40, again, 0, 40));
    assertFalse(Arrays.equals(once, 40, once.length, again, 40, again.length));
  }

  @Test
  void lengths_areEachOthersInverse() throws Exception {
    for (long plain = 0; plain < 20_000; plain++) {
      assertEquals(plain, StreamSeal.plainLength(StreamSeal.sealedLength(plain)));
    }
    long most = (1L << 32) * StreamSeal.PLAIN_SEGMENT_BYTES - StreamSeal.HEADER_BYTES;
    assertEquals(most, StreamSeal.plainLength(StreamSeal.sealedLength(most)));
    assertThrows(IllegalArgumentException.class, () -> StreamSeal.sealedLength(most + 1));
    assertThrows(IllegalArgumentException.class, () -> StreamSeal.sealedLength(-1));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {Long.MIN_VALUE, -1, 0, 55, 4097, 4112, 8193, 8208, 1L << 45, Long.MAX_VALUE})
  void plainLength_ofWhatNoSealGives_isRefused(long sealedBytes) {
    assertThrows(FormatException.class, () -> StreamSeal.plainLength(sealedBytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4040, 4041, 8120, 30_000})
  void pages_openedInAnyOrder_giveThePlaintext(int plainBytes) throws Exception {
    byte[] plain = Known.bytes(plainBytes, 9);
    byte[] sealed = sealed(plain);
    Pages pages = seal.pages(Arrays.copyOf(sealed, 40), ASSOCIATED, sealed.length);
    assertEquals(plainBytes, pages.plainBytes());
    ByteBuffer opened = ByteBuffer.allocate(plainBytes);
    for (long page = pages.count() - 1; page >= 0; page--) {
      opened.position((int) Pages.plainOffset(page));
      pages.open(page, page(pages, page, sealed), opened);
      assertEquals(pages.plainLength(page), opened.position() - Pages.plainOffset(page));
    }
    assertArrayEquals(plain, opened.array());
    for (int offset = 0; offset < plainBytes; offset++) {
      long page = Pages.pageAt(offset);
      int inPage = (int) (offset - Pages.plainOffset(page));
      assertEquals(true, inPage >= 0 && inPage < pages.plainLength(page));
    }
  }

  @Test
  void pages_openedAsAnotherPageOrOfAnotherLength_areRefused() throws Exception {
    byte[] sealed = sealed(Known.bytes(5 * StreamSeal.PLAIN_SEGMENT_BYTES, 10));
    byte[] header = Arrays.copyOf(sealed, 40);
    Pages pages = seal.pages(header, ASSOCIATED, sealed.length);
    ByteBuffer plain = ByteBuffer.allocate(4096);
    assertThrows(FormatException.class, () -> pages.open(1, page(pages, 2, sealed), plain));
    assertThrows(FormatException.class, () -> pages.open(1, page(pages, 0, sealed), plain));
    Pages shorter = seal.pages(header, ASSOCIATED, 3 * 4096);
    assertThrows(FormatException.class, () -> shorter.open(2, page(pages, 2, sealed), plain));
    Pages elsewhere = seal.pages(header, new byte[0], sealed.length);
    assertThrows(FormatException.class, () -> elsewhere.open(1, page(pages, 1, sealed), plain));
    assertThrows(
        IndexOutOfBoundsException.class, () -> pages.open(6, ByteBuffer.allocate(0), plain));
    assertThrows(
        FormatException.class,
        () -> seal.pages(Known.flipped(header, 0), ASSOCIATED, sealed.length));
    assertThrows(FormatException.class, () -> seal.pages(new byte[39], ASSOCIATED, sealed.length));
  }

  @Test
  void pages_openedByManyThreadsAtOnce_giveThePlaintext() throws Exception {
    byte[] plain = Known.bytes(400_000, 12);
    byte[] sealed = sealed(plain);
    Pages pages = seal.pages(Arrays.copyOf(sealed, 40), ASSOCIATED, sealed.length);
    ByteBuffer readOnly = ByteBuffer.wrap(sealed).asReadOnlyBuffer();
    ConcurrentLinkedQueue<Object> wrong = new ConcurrentLinkedQueue<>();
    LongStream.range(0, 2000)
        .parallel()
        .map(i -> i * 31 % pages.count())
        .forEach(
            page -> {
              int plainBytes = pages.plainLength(page);
              ByteBuffer opened = ByteBuffer.allocate(plainBytes);
              int from = (int) Pages.sealedOffset(page);
              try {
                pages.open(page, readOnly.slice(from, pages.sealedLength(page)), opened);
                int start = (int) Pages.plainOffset(page);
                if (!opened.flip().equals(ByteBuffer.wrap(plain, start, plainBytes))) {
                  wrong.add(page);
                }
              } catch (FormatException e) {
                wrong.add(e);
              }
            });
    assertEquals(List.of(), List.copyOf(wrong));
  }

  private static ByteBuffer page(Pages pages, long page, byte[] sealed) {
    return ByteBuffer.wrap(sealed, (int) Pages.sealedOffset(page), pages.sealedLength(page));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4040, 4041, 8120, 30_000})
  void pageSealer_pagesInOrder_openAsAWhole(int plainBytes) throws Exception {
    byte[] plain = Known.bytes(plainBytes, 11);
    PageSealer sealer = seal.pageSealer(ASSOCIATED);
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(plainBytes));
    sealed.put(sealer.header());
    ByteBuffer rest = ByteBuffer.wrap(plain);
    boolean last;
    do {
      int count = Math.min(sealer.nextPlainBytes(), rest.remaining());
      last = count == rest.remaining();
      sealer.seal(rest.slice(rest.position(), count), last, sealed);
      rest.position(rest.position() + count);
    } while (!last);
    assertEquals(0, sealed.remaining());
    assertArrayEquals(plain, opened(sealed.array()));
  }

  @Test
  void pageSealer_pagesOfTheWrongLengthOrAfterTheLast_areRefused() {
    PageSealer sealer = seal.pageSealer(ASSOCIATED);
    assertRefused("Page 0 cannot have 4039 bytes", sealer, 4039, false);
    assertRefused("Page 0 cannot have 4041 bytes", sealer, 4041, true);
    ByteBuffer sealed = ByteBuffer.allocate(10_000);
    sealer.seal(ByteBuffer.allocate(4040), false, sealed);
    assertRefused("Page 1 cannot have 0 bytes", sealer, 0, true);
    sealer.seal(ByteBuffer.allocate(5), true, sealed);
    assertRefused("Page 2 cannot have 5 bytes after the last", sealer, 5, true);
  }

  private static void assertRefused(String why, PageSealer sealer, int bytes, boolean last) {
    ByteBuffer sealed = ByteBuffer.allocate(10_000);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> sealer.seal(ByteBuffer.allocate(bytes), last, sealed));
    assertEquals(why, error.getMessage());
    assertEquals(0, sealed.position());
  }

  private byte[] sealed(byte[] plain) {
    ByteBuffer sealed = ByteBuffer.allocate((int) StreamSeal.sealedLength(plain.length));
    seal.seal(ByteBuffer.wrap(plain), ASSOCIATED, sealed);
    return sealed.array();
  }

  private byte[] opened(byte[] sealed) throws FormatException {
    ByteBuffer plain = ByteBuffer.allocate(sealed.length);
    seal.open(ByteBuffer.wrap(sealed), ASSOCIATED, plain);
    return bytes(plain.flip());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
