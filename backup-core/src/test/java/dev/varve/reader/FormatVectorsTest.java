package dev.varve.reader;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Computes the test vectors that stand in {@code docs/format.md} with the second reader. */
class FormatVectorsTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] ROOT = counting(32, 0);
  private static final byte[] REPOSITORY = counting(16, 0);
  private static final String PACK = HEX.formatHex(counting(16, 16));

  @Test
  void purposeKeys_areAsOnThePage() {
    Keys keys = new Keys(ROOT);
    keys.all()
        .forEach(
            (label, key) ->
                assertEquals(
                    FormatPage.find("\\| `" + label + "` \\| `([0-9a-f]{64})`"),
                    HEX.formatHex(key),
                    label));
    assertEquals(
        FormatPage.find("Its repository id: `([0-9a-f]{32})`"), HEX.formatHex(keys.repositoryId()));
  }

  @Test
  void bindingMarkerAndIds_areAsOnThePage() {
    Keys keys = new Keys(ROOT);
    assertEquals(
        FormatPage.find("(7661727665[0-9a-f]+0007)"),
        HEX.formatHex(Keys.binding(REPOSITORY, 'D', Packs.key(PACK), 7)));
    assertEquals(
        FormatPage.find("Marker of the same block[^:]*: `([0-9a-f]{32})`"),
        HEX.formatHex(keys.marker(PACK, 7)));
    byte[] abc = "abc".getBytes(US_ASCII);
    List<String> kinds = List.of("data", "catalog", "list");
    for (int kind = Keys.DATA; kind <= Keys.LIST; kind++) {
      assertEquals(
          FormatPage.find("\\| " + kinds.get(kind - 1) + " \\| `([0-9a-f]{64})`"),
          keys.chunkId(kind, abc));
    }
  }

  @Test
  void smallItem_ofThePage_opens() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 3);
    byte[] sealed =
        Primitives.join(
            "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(US_ASCII),
            HEX.parseHex(FormatPage.find("after the nonce:\\s+`([0-9a-f]+)`")));
    assertEquals(
        "XAES-256-GCM",
        new String(
            Primitives.openSmall(key, "c2sp.org/XAES-256-GCM".getBytes(US_ASCII), sealed),
            US_ASCII));
  }

  @Test
  void keySlots_ofThePage_open() {
    String paper = FormatPage.find("label `paper`.*?\\n\\s+(565256454b[0-9a-f]+)");
    String line = FormatPage.find("`(varve-key-1 [0-9a-f-]+)`");
    assertArrayEquals(
        ROOT,
        new KeySlot("keys/ed55a11a87316216932b3b043d1beff5", HEX.parseHex(paper))
            .open(REPOSITORY, Secret.keyFile(line))
            .orElseThrow());
    String team = FormatPage.find("label `team`.*?\\n\\s+(565256454b[0-9a-f]+)");
    KeySlot slot = new KeySlot("keys/664faf5ae060c17c3a69300bf15bb1dc", HEX.parseHex(team));
    assertArrayEquals(
        ROOT, slot.open(REPOSITORY, Secret.passphrase("correct horse")).orElseThrow());
    assertEquals(
        true, slot.open(REPOSITORY, Secret.passphrase("wrong horse")).isEmpty(), "another");
  }

  @Test
  void entry_ofThePage_isRead() {
    byte[] chunk = HEX.parseHex(FormatPage.find("`(000003612f62[0-9a-f]+)`"));
    List<ReadEntry> entries = new ArrayList<>();
    Input.Reference reference = new Input.Reference("", chunk.length);
    new CatalogReader((kind, same) -> chunk)
        .entries(new Input.ChunkList(0, List.of(reference)), entries::add);
    ReadEntry entry = entries.get(0);
    assertEquals(1, entries.size());
    assertEquals("a/b", entry.name());
    assertEquals(3, entry.kind());
    assertEquals(
        "{mode=777, modified=-2.000000300, owner=0:5, target=63, user=root}",
        entry.facts().toString());
  }

  @Test
  void cuts_ofThePage_areComputed() {
    byte[] content = new byte[4 << 20];
    int x = 1;
    for (int i = 0; i < content.length; i++) {
      x = x * 1_103_515_245 + 12_345;
      content[i] = (byte) (x >>> 16);
    }
    String numbers = "[0-9]{1,3}(?: [0-9]{3})*";
    String[] sizes =
        FormatPage.find("By default: (" + numbers + ", " + numbers + ", " + numbers + ")")
            .replace(" ", "")
            .split(",");
    String[] thresholds =
        FormatPage.find("thresholds (" + numbers + " and " + numbers + ")")
            .replace(" ", "")
            .split("and");
    Cutter cutter =
        new Cutter(
            ROOT,
            ROOT,
            Arrays.stream(sizes).mapToInt(Integer::parseInt).toArray(),
            Arrays.stream(thresholds).mapToLong(Long::parseLong).toArray());
    List<Integer> ends = new ArrayList<>();
    int end = 0;
    for (int length : cutter.cut(content)) {
      end += length;
      ends.add(end);
    }
    assertEquals(
        FormatPage.find("Chunks end at\\s+([0-9, ]+)\\."),
        String.join(", ", ends.stream().map(String::valueOf).toList()));
  }

  private static byte[] counting(int count, int first) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }
}
