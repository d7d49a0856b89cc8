package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads whole repositories in directories. Used by one thread. */
public final class RepositoryReader {

  private static final Pattern VERSION = Pattern.compile("\"varve\"\\s*:\\s*(\\d+)");
  private static final Pattern REPOSITORY =
      Pattern.compile("\"repository\"\\s*:\\s*\"([0-9a-f]{32})\"");

  private final StoredItems items;
  private final Keys keys;
  private final LogState state;
  private final Runs runs;
  private final Packs packs;
  private final CatalogReader catalog = new CatalogReader(this::chunk);

  private RepositoryReader(StoredItems items, Keys keys) {
    this.items = items;
    this.keys = keys;
    this.state = new Log(items, keys).fold();
    this.runs = new Runs(keys);
    this.packs = new Packs(items, keys);
    state
        .liveRuns()
        .forEach(
            (name, storedBytes) -> {
              byte[] item = items.read("index/" + name);
              require(item.length == storedBytes, "A run has another length than its record says");
              runs.add(name, item);
            });
  }

  /** Opens the repository in a directory. */
  public static RepositoryReader open(Path directory, Secret secret) {
    StoredItems items = new StoredItems(directory);
    String config = new String(items.read("config"), StandardCharsets.UTF_8);
    require(find(VERSION, config).equals("1"), "The repository is of another version");
    byte[] id = HexFormat.of().parseHex(find(REPOSITORY, config));
    for (String key : items.keys("keys/[0-9a-f]{32}")) {
      Optional<byte[]> root = new KeySlot(key, items.read(key)).open(id, secret);
      if (root.isPresent()) {
        Keys keys = new Keys(root.get());
        require(Arrays.equals(keys.repositoryId(), id), "The config names another repository");
        return new RepositoryReader(items, keys);
      }
    }
    throw new BadFormatException("No slot is opened by this secret");
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    require(matcher.find(), "The config says nothing of " + pattern);
    return matcher.group(1);
  }

  Keys keys() {
    return keys;
  }

  LogState state() {
    return state;
  }

  Runs runs() {
    return runs;
  }

  Packs packs() {
    return packs;
  }

  StoredItems items() {
    return items;
  }

  /** The live snapshots, oldest first. */
  public List<ReadSnapshot> snapshots() {
    List<LogState.Live> all = new ArrayList<>(state.snapshots.values());
    all.sort(
        Comparator.comparingLong(LogState.Live::slot).thenComparing(live -> live.snapshot().id()));
    return all.stream().map(ReadSnapshot::new).toList();
  }

  /** The entries of a snapshot, ascending. */
  List<ReadEntry> entries(ReadSnapshot read) {
    SnapshotRecord snapshot = read.record();
    List<ReadEntry> entries = new ArrayList<>();
    catalog.entries(snapshot.catalog(), entries::add);
    require(entries.size() == snapshot.entries(), "The catalog has another number of entries");
    require(
        entries.stream().mapToLong(ReadEntry::size).sum() == snapshot.bytes(),
        "The entries have other sizes than their sum says");
    return entries;
  }

  /** A snapshot's problems, each as {@code path: message}; a byte of the path is a character. */
  public List<String> problems(ReadSnapshot snapshot) {
    return catalog.problems(snapshot.record().problems());
  }

  /** The chunks of an entry's content. */
  List<Input.Reference> contentChunks(ReadEntry entry) {
    return catalog.contentChunks(entry.content());
  }

  /** The bytes of an entry. */
  byte[] content(ReadEntry entry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Input.Reference reference : contentChunks(entry)) {
      out.writeBytes(chunk(Keys.DATA, reference));
    }
    require(out.size() == entry.size(), "A content has another size than its entry says");
    return out.toByteArray();
  }

  /** Compares records, index, footers and packs with each other; gives what does not agree. */
  public List<String> audit() {
    return new Audit(items, keys, state, runs, packs).run();
  }

  /** The entries of a snapshot whose contents are not cut as section 14 says. */
  public List<String> cutElsewhere(ReadSnapshot snapshot) {
    Cutter usual = cutter(state.chunker, state.thresholds);
    Cutter fine = fineCutter();
    return entries(snapshot).stream()
        .filter(
            entry -> {
              Cutter cutter = entry.facts().containsKey("attribute varve.fine") ? fine : usual;
              return !cutter.cut(content(entry)).equals(lengths(entry));
            })
        .map(ReadEntry::name)
        .toList();
  }

  private Cutter cutter(int[] sizes, long[] thresholds) {
    return new Cutter(keys.key("chunker-table"), keys.key("chunker-prf"), sizes, thresholds);
  }

  private Cutter fineCutter() {
    int[] sizes = Arrays.stream(state.chunker).map(size -> size / 4).toArray();
    long[] thresholds =
        Arrays.stream(state.thresholds).map(each -> Math.min(0xffff_ffffL, each * 4)).toArray();
    return sizes[0] >= 4096 && sizes[0] < sizes[1] && sizes[1] < sizes[2]
        ? cutter(sizes, thresholds)
        : cutter(state.chunker, state.thresholds);
  }

  /** Into how many chunks the contents of a snapshot are cut, in the order of their paths. */
  public List<Integer> chunkCounts(ReadSnapshot snapshot) {
    return entries(snapshot).stream().map(entry -> lengths(entry).size()).toList();
  }

  private List<Integer> lengths(ReadEntry entry) {
    return contentChunks(entry).stream().map(Input.Reference::length).toList();
  }

  /** How many levels of lists the content of an entry of a snapshot has at most. */
  public int deepestList(ReadSnapshot snapshot) {
    return entries(snapshot).stream().mapToInt(entry -> entry.content().depth()).max().orElse(0);
  }

  /**
   * All of a snapshot: what is known of each entry, and its bytes as a hash. A byte of the path is
   * a character.
   */
  public Map<String, Map<String, String>> restore(ReadSnapshot snapshot) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    for (ReadEntry entry : entries(snapshot)) {
      Map<String, String> facts = new TreeMap<>(entry.facts());
      facts.put("kind", String.valueOf(entry.kind()));
      facts.put("size", String.valueOf(entry.size()));
      if (entry.kind() == 1) {
        facts.put("sha256", HexFormat.of().formatHex(Primitives.sha256(content(entry))));
      }
      all.put(entry.name(), facts);
    }
    return all;
  }

  /** The plaintext of a chunk, from any copy that is what its id says. */
  byte[] chunk(int kind, Input.Reference reference) {
    List<String> reasons = new ArrayList<>();
    for (Runs.Place place : runs.chunks.getOrDefault(reference.id(), List.of())) {
      try {
        return chunk(kind, reference, place);
      } catch (BadFormatException e) {
        reasons.add(place + ": " + e.getMessage());
      }
    }
    throw new BadFormatException("Chunk " + reference.id() + " is not to be had: " + reasons);
  }

  private byte[] chunk(int kind, Input.Reference reference, Runs.Place place) {
    require(!state.isCondemned(place.pack()), "The pack is condemned");
    Runs.PackClaim pack =
        Optional.ofNullable(runs.packs.get(place.pack()))
            .orElseThrow(() -> new BadFormatException("No run says what the pack is"));
    byte[] block = packs.block(place.pack(), pack.kind(), pack.sealedBlockKey(), place);
    int end = place.chunkOffset() + place.chunkLength();
    require(place.chunkLength() == reference.length() && end <= block.length, "It lies elsewhere");
    byte[] plain = Arrays.copyOfRange(block, place.chunkOffset(), end);
    require(keys.chunkId(kind, plain).equals(reference.id()), "It is not what its id says");
    return plain;
  }
}
