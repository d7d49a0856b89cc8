package dev.varve.reader;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every value on the way from the key file to the bytes of the one file in the repository of the
 * worked example. Prints them: {@code WorkedExample DIRECTORY}.
 */
public final class WorkedExample {

  private static final HexFormat HEX = HexFormat.of();

  private final StoredItems items;
  private final Secret.KeyFileLine key;
  private final Map<String, String> values = new LinkedHashMap<>();

  private WorkedExample(Path directory) {
    this.key =
        new Secret.KeyFileLine(
            new String(new StoredItems(directory).read("key.txt"), US_ASCII).strip());
    this.items = new StoredItems(directory.resolve("repository"));
  }

  /** Prints all values of the repository in the directory that is named. */
  public static void main(String[] arguments) {
    values(Path.of(arguments[0]))
        .forEach((name, value) -> System.out.println("    " + name + " = " + value));
  }

  /** All values by name, in the order in which a reader comes by them. */
  static Map<String, String> values(Path directory) {
    WorkedExample example = new WorkedExample(directory);
    example.compute(RepositoryReader.open(directory.resolve("repository"), example.key));
    return example.values;
  }

  private void compute(RepositoryReader reader) {
    Keys keys = reader.keys();
    unlock(keys);
    log(keys);
    String run = reader.state().liveRuns().keySet().iterator().next();
    run(keys, run);
    SnapshotRecord snapshot = reader.snapshots().get(0).record();
    Input.Reference catalog = snapshot.catalog().references().get(0);
    chunk(reader, "catalog", Keys.CATALOG, catalog);
    ReadEntry entry = reader.entries(reader.snapshots().get(0)).get(0);
    put("entry path", entry.name());
    put("entry facts", entry.facts().toString());
    chunk(reader, "data", Keys.DATA, entry.content().references().get(0));
    put("content", new String(reader.content(entry), UTF_8).strip());
  }

  private void unlock(Keys keys) {
    String slot = items.keys("keys/.*").get(0);
    byte[] item = items.read(slot);
    Input in = new Input(item);
    in.header('K');
    in.u8();
    in.varint();
    in.text(192);
    byte[] salt = in.raw(16);
    byte[] slotKey = Primitives.hkdf(key.bytes(), salt, "varve-1 key-file".getBytes(US_ASCII), 32);
    put("config", new String(items.read("config"), UTF_8).strip());
    put("key file", key.line());
    put("key slot", slot);
    put("key slot item", item);
    put("slot key", slotKey);
    put("commitment", derive(slotKey, "varve-1 slot-commitment"));
    put("slot sealing key", derive(slotKey, "varve-1 slot-seal"));
    put("root", keys.root());
    put("repository id", keys.repositoryId());
    for (String label :
        List.of(
            "seal-log",
            "seal-index",
            "seal-catalog",
            "seal-data",
            "catalog-id",
            "data-id",
            "marker")) {
      put("key " + label, keys.key(label));
    }
  }

  private static byte[] derive(byte[] key, String info) {
    return Primitives.hkdf(key, new byte[0], info.getBytes(US_ASCII), 32);
  }

  private void log(Keys keys) {
    new Log(items, keys)
        .slots()
        .forEach(
            (number, slot) -> {
              String name = "slot " + number;
              put(name + " own bytes", slot.own());
              put(name + " record", slot.plain());
              put(name + " hash", slot.hash());
            });
  }

  private void run(Keys keys, String name) {
    List<byte[]> pages = Runs.pages(keys, "index/" + name, items.read("index/" + name));
    put("run", "index/" + name);
    put("run names", prefix(pages.get(0), 32));
    put("run details", prefix(pages.get(1), 240));
    put("run chunks", prefix(pages.get(2), 112));
    put("run tail", prefix(pages.get(3), 16));
    put("run trailer", Arrays.copyOfRange(pages.get(3), 4008, 4040));
  }

  private void chunk(RepositoryReader reader, String what, int kind, Input.Reference reference) {
    Runs.Place place = requireNonNull(reader.runs().chunks.get(reference.id())).get(0);
    Runs.PackClaim claim = requireNonNull(reader.runs().packs.get(place.pack()));
    Packs packs = reader.packs();
    byte[] item = items.read(Packs.key(place.pack()));
    int at = (int) place.offset();
    byte[] blockKey = packs.blockKey(place.pack(), claim.kind(), claim.sealedBlockKey());
    byte[] sealed = Arrays.copyOfRange(item, at, at + place.length());
    char letter = claim.kind() == 1 ? 'D' : 'C';
    byte[] binding = reader.keys().binding(letter, Packs.key(place.pack()), place.block());
    put(what + " chunk id", reference.id());
    put(what + " pack", Packs.key(place.pack()));
    put(what + " pack header", prefix(item, at - 16));
    put(what + " block key", blockKey);
    put(what + " block marker", Arrays.copyOfRange(item, at - 16, at));
    put(what + " block binding", binding);
    put(what + " block sealed", sealed);
    put(what + " block plaintext", Primitives.openSegments(blockKey, binding, sealed));
    put(what + " chunk", reader.chunk(kind, reference));
    put(
        what + " pack footer and trailer",
        Arrays.copyOfRange(item, at + sealed.length, item.length));
    put(
        what + " pack footer plaintext",
        Primitives.openSegments(
            blockKey,
            reader.keys().binding(letter, Packs.key(place.pack()), -1),
            Arrays.copyOfRange(item, at + sealed.length, item.length - 4)));
  }

  private static byte[] prefix(byte[] bytes, int count) {
    return Arrays.copyOf(bytes, count);
  }

  private void put(String name, byte[] value) {
    put(name, HEX.formatHex(value));
  }

  private void put(String name, String value) {
    values.put(name, value);
  }
}
