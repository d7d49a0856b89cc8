package dev.varve.internal.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes entries for tests, drawn from a seed. */
final class Entries {

  static final PathCuts CUTS = new PathCuts("sixteen bytes of key and more...".getBytes(UTF_8));

  private Entries() {}

  /** A plain file. */
  static CatalogEntry file(String path, long seed) {
    ChunkRef ref = ref(new Random(seed));
    Entry entry =
        Entry.builder(EntryPath.of(path), EntryKind.FILE)
            .size(ref.length())
            .modified(Instant.ofEpochSecond(1_700_000_000 + seed % 100_000, seed % 1_000_000_000))
            .build();
    return new CatalogEntry(entry, new ChunkList(0, List.of(ref)), false);
  }

  /** So many entries with names as in a file tree and everything a file system says of them. */
  static NavigableMap<EntryPath, CatalogEntry> tree(long seed, int count) {
    Random random = new Random(seed);
    NavigableMap<EntryPath, CatalogEntry> entries = new TreeMap<>();
    while (entries.size() < count) {
      StringBuilder path = new StringBuilder("srv/");
      int depth = random.nextInt(5);
      for (int i = 0; i < depth; i++) {
        path.append("directory-").append(random.nextInt(8)).append('/');
      }
      path.append("file-").append(Integer.toHexString(random.nextInt())).append(".txt");
      put(entries, asOnDisk(EntryPath.of(path.toString()), random));
    }
    return entries;
  }

  static void put(SortedMap<EntryPath, CatalogEntry> entries, CatalogEntry entry) {
    entries.put(entry.path(), entry);
  }

  /** A file as the files source would show it. */
  static CatalogEntry asOnDisk(EntryPath path, Random random) {
    ChunkRef ref = ref(random);
    byte[] revision = new byte[16];
    random.nextBytes(revision);
    Instant time = time(random);
    Entry entry =
        Entry.builder(path, EntryKind.FILE)
            .size(ref.length())
            .modified(time)
            .revision(Revision.of(revision))
            .posix(
                new Posix(
                    0644, 1000, 1000, Optional.of("web"), Optional.of("web"), Optional.of(time)))
            .build();
    return new CatalogEntry(entry, new ChunkList(0, List.of(ref)), false);
  }

  /** Any entry at all. */
  static CatalogEntry any(Random random) {
    return any(path(random, random.nextInt(50) == 0 ? EntryPath.MAX_BYTES : 12), random);
  }

  /** Any entry with this path. */
  static CatalogEntry any(EntryPath path, Random random) {
    List<EntryKind> kinds = List.of(EntryKind.values());
    EntryKind kind = kinds.get(random.nextInt(kinds.size()));
    Entry.Builder entry = Entry.builder(path, kind);
    ChunkList content = ChunkList.EMPTY;
    if (kind.hasContent() && random.nextBoolean()) {
      List<ChunkRef> refs = new ArrayList<>();
      int count = 1 + (random.nextInt(20) == 0 ? ChunkList.MAX_REFS - 1 : random.nextInt(3));
      for (int i = 0; i < count; i++) {
        refs.add(ref(random));
      }
      int depth = random.nextInt(4) == 0 ? random.nextInt(ChunkList.MAX_DEPTH + 1) : 0;
      content = new ChunkList(depth, refs);
    }
    if (kind.hasContent()) {
      entry.size(random.nextBoolean() ? random.nextLong() >>> (1 + random.nextInt(60)) : 0);
    }
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(path(random, random.nextInt(50) == 0 ? EntryPath.MAX_BYTES : 20));
    }
    if (random.nextBoolean()) {
      entry.modified(time(random));
    }
    if (random.nextBoolean()) {
      byte[] revision = new byte[1 + random.nextInt(Revision.MAX_BYTES)];
      random.nextBytes(revision);
      entry.revision(Revision.of(revision));
    }
    if (random.nextInt(4) == 0) {
      entry.hardLinkGroup(random.nextLong());
    }
    if (random.nextBoolean()) {
      entry.posix(posix(random));
    }
    if (random.nextInt(4) == 0) {
      entry.attributes(attributes(random));
    }
    return new CatalogEntry(entry.build(), content, random.nextInt(8) == 0);
  }

  private static EntryPath path(Random random, int most) {
    byte[] bytes = new byte[1 + random.nextInt(most)];
    for (int i = 0; i < bytes.length; i++) {
      // Few different bytes, so that names share beginnings; the corners of the range among them.
      bytes[i] = (byte) new int[] {1, '-', '/', '0', 'a', 0x7f, 0x80, 0xff}[random.nextInt(8)];
    }
    return EntryPath.ofBytes(bytes);
  }

  private static Instant time(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> Instant.MIN;
      case 1 -> Instant.MAX;
      case 2 -> Instant.EPOCH.minusNanos(1);
      default ->
          Instant.ofEpochSecond(1_700_000_000 + random.nextInt(1000), random.nextInt(1 << 29));
    };
  }

  private static Posix posix(Random random) {
    return new Posix(
        random.nextInt(07777 + 1),
        random.nextInt(3) * 0x7fff_ffffL,
        random.nextInt(2),
        owner(random),
        owner(random),
        random.nextBoolean() ? Optional.of(time(random)) : Optional.empty());
  }

  private static Optional<String> owner(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("");
      case 2 -> Optional.of("j\u00f6rg \ud83d\ude00");
      default -> Optional.of("x".repeat(EntryEncoder.MAX_OWNER_BYTES));
    };
  }

  private static Attributes attributes(Random random) {
    Attributes attributes = Attributes.none();
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte[] value = new byte[random.nextInt(40) == 0 ? 20_000 : random.nextInt(10)];
      random.nextBytes(value);
      attributes = attributes.with("xattr.user." + random.nextInt(100), value);
    }
    return attributes;
  }

  /** Some reference. */
  static ChunkRef ref(Random random) {
    byte[] id = new byte[ChunkId.BYTES];
    random.nextBytes(id);
    return new ChunkRef(ChunkId.at(id, 0), 1 + random.nextInt(ChunkRef.MAX_LENGTH));
  }

  /** Writes a catalog of these entries, which ascend. */
  static CatalogRoot write(ChunkSink sink, Collection<CatalogEntry> entries) throws IOException {
    CatalogWriter writer = new CatalogWriter(sink, CUTS);
    for (CatalogEntry entry : entries) {
      writer.add(entry);
    }
    return writer.finish();
  }

  /** All entries a cursor still shows. */
  static List<CatalogEntry> all(CatalogCursor cursor) throws IOException {
    List<CatalogEntry> entries = new ArrayList<>();
    for (Optional<CatalogEntry> e = cursor.next(); e.isPresent(); e = cursor.next()) {
      entries.add(e.get());
    }
    return entries;
  }
}
