package dev.varve.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatPrimitivesTest {

  private static final HexFormat HEX = HexFormat.of();

  @Property
  void primitives_written_areReadBack(
      @ForAll long number,
      @ForAll @Size(max = 300) byte[] bytes,
      @ForAll @StringLength(max = 100) String text)
      throws FormatException {
    String utf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    Encoder out = new Encoder(0);
    out.u8((int) number & 0xff).u16((int) number & 0xffff).u32(number & 0xffff_ffffL).u64(number);
    out.varint(number).signed(number).bytes(bytes).text(text).raw(bytes, 0, bytes.length);
    Decoder in = new Decoder(out.toBytes());
    assertEquals((int) number & 0xff, in.u8());
    assertEquals((int) number & 0xffff, in.u16());
    assertEquals(number & 0xffff_ffffL, in.u32());
    assertEquals(number, in.u64());
    assertEquals(number, in.varint());
    assertEquals(number, in.signed());
    assertArrayEquals(bytes, in.bytes(300));
    assertEquals(utf8, in.text(300));
    assertArrayEquals(bytes, in.raw(bytes.length));
    in.end();
    assertEquals(out.length(), in.position());
  }

  @Property
  void primitives_cutAnywhere_areRefused(
      @ForAll long number, @ForAll @Size(max = 50) byte[] bytes) {
    Encoder out = new Encoder(0).varint(number).bytes(bytes).u64(number);
    for (int length = 0; length < out.length(); length++) {
      Decoder in = new Decoder(out.array(), 0, length);
      assertThrows(
          FormatException.class,
          () -> {
            in.varint();
            in.bytes(50);
            in.u64();
          });
    }
  }

  /** Whatever is accepted has one form only, and nothing but a FormatException is thrown. */
  @Property(tries = 5000)
  void varint_anyBytes_isRefusedOrTheOnlyForm(@ForAll @Size(max = 12) byte[] bytes) {
    Decoder in = new Decoder(bytes);
    try {
      Encoder again = new Encoder(0).varint(in.varint());
      assertArrayEquals(Arrays.copyOf(bytes, in.position()), again.toBytes());
    } catch (FormatException refused) {
      assertTrue(in.position() <= 10);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "7f, 127",
    "8001, 128",
    "ffffffffffffffff7f, 9223372036854775807",
    "80808080808080808001, -9223372036854775808",
    "ffffffffffffffffff01, -1"
  })
  void varint_atTheEdges_hasTheStatedForm(String hex, long value) throws Exception {
    assertEquals(hex, HEX.formatHex(new Encoder(0).varint(value).toBytes()));
    assertEquals(value, new Decoder(HEX.parseHex(hex)).varint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80",
        "8000",
        "ff00",
        "808000",
        "ffffffffffffffffff02",
        "ffffffffffffffffff7f",
        "ffffffffffffffffff8001",
        "80808080808080808080"
      })
  void varint_cutLongOrTooLarge_isRefused(String hex) {
    assertThrows(FormatException.class, () -> new Decoder(HEX.parseHex(hex)).varint());
  }

  @ParameterizedTest
  @CsvSource({"0, 00", "-1, 01", "1, 02", "-64, 7f", "64, 8001"})
  void signed_smallMagnitudes_areShort(long value, String hex) {
    assertEquals(hex, HEX.formatHex(new Encoder(0).signed(value).toBytes()));
  }

  @Test
  void varint_overItsMost_isRefused() throws Exception {
    byte[] hundred = new Encoder(0).varint(100).toBytes();
    assertEquals(100, new Decoder(hundred).varint(100));
    assertThrows(FormatException.class, () -> new Decoder(hundred).varint(99));
    byte[] negative = new Encoder(0).varint(-1).toBytes();
    assertThrows(FormatException.class, () -> new Decoder(negative).varint(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 101})
  void lengths_withoutTheBytes_areRefusedBeforeAnythingIsAllocated(long announced) {
    byte[] bytes = new Encoder(0).varint(announced).raw(new byte[100]).toBytes();
    int most = Integer.MAX_VALUE;
    assertThrows(FormatException.class, () -> new Decoder(bytes).bytes(most));
    assertThrows(FormatException.class, () -> new Decoder(bytes).text(most));
    assertThrows(FormatException.class, () -> new Decoder(bytes).count(most, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 101})
  void raw_withoutTheBytes_isRefusedBeforeAnythingIsAllocated(int count) {
    assertThrows(FormatException.class, () -> new Decoder(new byte[100]).raw(count));
    assertThrows(FormatException.class, () -> new Decoder(new byte[100]).skip(count));
  }

  @Test
  void count_ofPartsThatCannotFit_isRefused() throws Exception {
    byte[] bytes = new Encoder(0).varint(4).raw(new byte[11]).toBytes();
    assertEquals(4, new Decoder(bytes).count(10, 2));
    assertThrows(FormatException.class, () -> new Decoder(bytes).count(10, 3));
    assertThrows(FormatException.class, () -> new Decoder(bytes).count(3, 1));
    assertThrows(
        FormatException.class,
        () -> new Decoder(bytes).count(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c080", "eda080", "f4908080", "e282"})
  void text_notUtf8_isRefused(String hex) {
    byte[] bytes = new Encoder(0).bytes(HEX.parseHex(hex)).toBytes();
    assertThrows(FormatException.class, () -> new Decoder(bytes).text(100));
  }

  @Test
  void decoder_ofAPiece_seesNothingElse() throws Exception {
    byte[] bytes = {1, 2, 3, 4, 5};
    Decoder in = new Decoder(bytes, 1, 3);
    assertEquals(2, in.u8());
    assertThrows(FormatException.class, () -> in.raw(3));
    assertThrows(FormatException.class, in::end);
    in.skip(2);
    in.end();
    assertThrows(FormatException.class, in::u8);
    assertThrows(IndexOutOfBoundsException.class, () -> new Decoder(bytes, 3, 3));
  }

  @Test
  void encoder_cleared_startsAgain() {
    Encoder out = new Encoder(1).raw(new byte[1000]).clear().u16(0x1234);
    assertArrayEquals(new byte[] {0x12, 0x34}, out.toBytes());
  }

  @Property
  void chunkId_ordersAsItsBytesDo(@ForAll long seed) throws FormatException {
    byte[] some = new byte[40];
    new Random(seed).nextBytes(some);
    byte[] other = some.clone();
    other[4 + (int) Math.floorMod(seed, 32L)] += (byte) (1 + (seed >>> 40) % 255);
    ChunkId first = ChunkId.at(some, 4);
    ChunkId second = ChunkId.at(other, 4);
    int order = Arrays.compareUnsigned(some, 4, 36, other, 4, 36);
    assertEquals(Integer.signum(order), Integer.signum(first.compareTo(second)));
    assertEquals(order == 0, first.equals(second));
    byte[] written = new Encoder(0).id(first).toBytes();
    assertArrayEquals(Arrays.copyOfRange(some, 4, 36), written);
    assertEquals(first, new Decoder(written).id());
    assertEquals(first.hashCode(), new Decoder(written).id().hashCode());
  }

  @Property
  void names_ofPacksRunsAndRepositories_areReadBack(@ForAll long high, @ForAll long low)
      throws FormatException {
    PackName pack = new PackName(high, low);
    RunName run = new RunName(high, low);
    RepositoryId repository = new RepositoryId(high, low);
    assertEquals(pack, PackName.ofKey(pack.key()));
    assertEquals(run, RunName.ofKey(run.key()));
    assertEquals(repository, RepositoryId.ofHex(repository.hex()));
    Encoder out = new Encoder(0);
    pack.write(out);
    run.write(out);
    repository.write(out);
    assertEquals(3 * 16, out.length());
    Decoder in = new Decoder(out.toBytes());
    assertEquals(pack, PackName.read(in));
    assertEquals(run, RunName.read(in));
    assertEquals(repository, RepositoryId.read(in));
    assertEquals(
        pack.hex().compareTo(new PackName(low, high).hex()) < 0,
        pack.compareTo(new PackName(low, high)) < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "packs/",
        "index/0123",
        "packs/00/0123456789abcdef0123456789abcdef",
        "packs/01/0123456789ABCDEF0123456789abcdef",
        "packs/01/0123456789abcdef0123456789abcdeg",
        "x/packs/01/0123456789abcdef0123456789abcdef",
        "index/0123456789abcdef0123456789abcdef0",
        "index/+123456789abcdef0123456789abcdef",
        "index/ 123456789abcdef0123456789abcde\u0660"
      })
  void names_ofAnythingElse_areRefused(String key) {
    assertThrows(FormatException.class, () -> PackName.ofKey(key));
    assertThrows(FormatException.class, () -> RunName.ofKey(key));
    assertThrows(FormatException.class, () -> RepositoryId.ofHex(key));
  }

  @Test
  void names_drawnTwice_differ() {
    assertNotEquals(PackName.random(), PackName.random());
    assertNotEquals(RunName.random(), RunName.random());
    assertNotEquals(RepositoryId.random(), RepositoryId.random());
  }

  @Test
  void kinds_areKnownByTheirCodesAlone() throws Exception {
    for (ChunkKind kind : ChunkKind.values()) {
      assertEquals(kind, ChunkKind.of(kind.code()));
    }
    for (PackKind kind : PackKind.values()) {
      assertEquals(kind, PackKind.of(kind.code()));
    }
    for (int code : new int[] {-1, 0, 4, 255}) {
      assertThrows(FormatException.class, () -> ChunkKind.of(code));
      assertThrows(FormatException.class, () -> PackKind.of(code));
    }
  }

  @Test
  void header_ofAnotherKindMagicOrVersion_isRefused() throws Exception {
    for (ItemKind kind : ItemKind.values()) {
      Encoder out = new Encoder(0);
      kind.writeHeader(out);
      byte[] header = out.toBytes();
      assertEquals(
          "VRVE" + kind.letter() + "\u0001", new String(header, StandardCharsets.US_ASCII));
      kind.readHeader(new Decoder(header));
      for (ItemKind other : ItemKind.values()) {
        if (other != kind) {
          assertThrows(FormatException.class, () -> other.readHeader(new Decoder(header)));
        }
      }
      for (int bit = 0; bit < 8 * header.length; bit++) {
        byte[] changed = header.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        Class<? extends FormatException> expected =
            bit / 8 == 5 ? NewerFormatException.class : FormatException.class;
        assertThrows(expected, () -> kind.readHeader(new Decoder(changed)));
      }
    }
  }

  @Property
  void chunkList_written_isReadBack(@ForAll long seed) throws FormatException {
    ChunkList list = list(new Random(seed));
    Encoder out = new Encoder(0);
    list.write(out);
    Decoder in = new Decoder(out.toBytes());
    assertEquals(list, ChunkList.read(in));
    in.end();
  }

  private static ChunkList list(Random random) {
    List<ChunkRef> refs = new ArrayList<>();
    int count = random.nextInt(ChunkList.MAX_REFS + 1);
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[ChunkId.BYTES];
      random.nextBytes(id);
      refs.add(new ChunkRef(ChunkId.at(id, 0), 1 + random.nextInt(ChunkRef.MAX_LENGTH)));
    }
    return new ChunkList(random.nextInt(ChunkList.MAX_DEPTH + 1), refs);
  }

  /** A decoder fed with anything ends with a value or a FormatException. */
  @Property(tries = 2000)
  void chunkList_changedAnyhow_isRefusedOrAnotherList(@ForAll long seed) {
    Random random = new Random(seed);
    Encoder out = new Encoder(0);
    list(random).write(out);
    byte[] changed = Arrays.copyOf(out.toBytes(), random.nextInt(out.length() + 10));
    for (int i = 0; i < 3 && changed.length > 0; i++) {
      int near = random.nextBoolean() ? changed.length : Math.min(changed.length, 4);
      changed[random.nextInt(near)] = (byte) random.nextInt();
    }
    try {
      ChunkList read = ChunkList.read(new Decoder(changed));
      assertTrue(read.depth() <= ChunkList.MAX_DEPTH && read.refs().size() <= ChunkList.MAX_REFS);
      assertTrue(read.refs().stream().allMatch(ref -> ref.length() >= 1));
    } catch (FormatException refused) {
      assertTrue(refused.toString().length() > FormatException.class.getName().length() + 2);
    }
  }
}
