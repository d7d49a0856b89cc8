package dev.varve.source.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.Attributes;
import dev.varve.BackupOptions;
import dev.varve.BackupReport;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Revision;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is exported to a tar and imported again is the same, whatever it is. */
class RoundTripTest {

  private static final String[] STEPS = {
    "a", "b", "..", ".", "", "é", "\n", "x=y", "a".repeat(150), "%", " ", "varve-odd-names"
  };

  @Property(tries = 40)
  void exportAndImport_anySnapshot_isTheSame(
      @ForAll long seed, @ForAll ArchiveTarget.Format format, @ForAll boolean asStream)
      throws IOException {
    if (format == ArchiveTarget.Format.ZIP) {
      return;
    }
    Random random = new Random(seed);
    SourceIdentity identity = new SourceIdentity("jdbc", "orders", "db-1");
    MemorySource source = anything(random, identity);
    try (Repos from = new Repos();
        Repos to = new Repos()) {
      BackupOptions tags = BackupOptions.builder().tag("release", "4.2").tag("x\\n", "é=").build();
      Snapshot original = from.backup(source, tags);
      byte[] archive = from.export(original, format);

      BackupReport imported = importing(to, archive, asStream);

      assertEquals(List.of(), imported.problems());
      assertEquals(identity, imported.snapshot().source());
      assertEquals(original.claimedTime(), imported.snapshot().claimedTime());
      assertEquals(original.tags(), imported.snapshot().tags());
      CollectingTarget target = new CollectingTarget();
      to.restore(imported.snapshot(), target);
      target.assertHolds(source);
    }
  }

  @Example
  void export_manyNamesOfOneFile_writesItOnce() throws IOException {
    MemorySource source = new MemorySource();
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    for (String name : List.of("a", "b/c", "d")) {
      source.put(
          Entry.builder(EntryPath.of(name), EntryKind.FILE)
              .size(content.length)
              .revision(Revision.of(new byte[] {1}))
              .hardLinkGroup(7)
              .build(),
          content);
    }
    try (Repos from = new Repos();
        Repos to = new Repos()) {
      byte[] archive = from.export(from.backup(source).snapshot(), ArchiveTarget.Format.TAR);
      assertTrue(archive.length < 320_000, "The archive has " + archive.length + " bytes");

      for (boolean asStream : List.of(true, false)) {
        CollectingTarget target = new CollectingTarget();
        BackupReport imported = importing(to, archive, asStream);
        assertEquals(content.length, imported.statistics().readBytes());
        to.restore(imported.snapshot(), target);
        target.assertHolds(source);
      }
    }
  }

  private static BackupReport importing(Repos to, byte[] archive, boolean asStream)
      throws IOException {
    if (asStream) {
      return to.backup(ArchiveSource.of(new ByteArrayInputStream(archive)));
    }
    Path file = Files.createTempFile("varve-round-trip", ".archive");
    try {
      Files.write(file, archive);
      return to.backup(ArchiveSource.of(file));
    } finally {
      Files.delete(file);
    }
  }

  private static MemorySource anything(Random random, SourceIdentity identity) {
    MemorySource source = new MemorySource(identity);
    Map<Long, byte[]> groups = new HashMap<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      Entry entry = anyEntry(random);
      if (!entry.kind().hasContent()) {
        source.put(entry);
        continue;
      }
      byte[] content =
          new byte[random.nextInt(8) == 0 ? random.nextInt(200_000) : random.nextInt(1500)];
      random.nextBytes(content);
      Entry.Builder file = entry.toBuilder();
      if (random.nextInt(3) == 0) {
        long group = random.nextInt(3) - 1L;
        content = groups.computeIfAbsent(group, none -> new byte[1000]);
        file.hardLinkGroup(group).revision(Revision.of(new byte[] {(byte) group, 1}));
      } else if (random.nextBoolean()) {
        file.revision(Revision.of(ByteBuffer.allocate(8).putLong(random.nextLong()).array()));
      }
      source.put(file.size(content.length).build(), content);
    }
    return source;
  }

  private static Entry anyEntry(Random random) {
    List<EntryKind> kinds = List.of(EntryKind.values());
    EntryKind kind = kinds.get(random.nextInt(kinds.size()));
    if (random.nextBoolean()) {
      kind = EntryKind.FILE;
    }
    Entry.Builder entry = Entry.builder(anyPath(random), kind);
    if (random.nextInt(4) > 0) {
      entry.modified(anyTime(random));
    }
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(anyPath(random));
    }
    if (random.nextInt(4) > 0) {
      entry.posix(
          new Posix(
              random.nextInt(010000),
              random.nextInt(4) == 0 ? 0xffff_ffffL : random.nextInt(70_000),
              random.nextInt(70_000),
              anyName(random),
              anyName(random),
              random.nextBoolean() ? Optional.of(anyTime(random)) : Optional.empty()));
    }
    Map<String, byte[]> attributes = new HashMap<>();
    List<String> names =
        new ArrayList<>(
            List.of(
                "xattr.user.colour",
                "xattr.user.a=b",
                "xattr.user.caf%C3%A9",
                "xattr.user.%41",
                "xattr.user.%3D%25",
                "xattr.",
                "jdbc.table",
                "posix.device"));
    names.removeIf(name -> random.nextInt(3) > 0);
    for (String name : names) {
      byte[] value = new byte[random.nextInt(40)];
      random.nextBytes(value);
      attributes.put(name, value);
    }
    if (random.nextInt(3) == 0) {
      byte[] device =
          (random.nextInt(300) + ":" + random.nextInt(100_000)).getBytes(StandardCharsets.US_ASCII);
      attributes.put("posix.device", device);
    }
    return entry.attributes(Attributes.of(attributes)).build();
  }

  private static Optional<String> anyName(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("");
      case 2 -> Optional.of("bärbel");
      case 3 -> Optional.of("n".repeat(60));
      default -> Optional.of("root");
    };
  }

  private static Instant anyTime(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      case 1 -> Instant.ofEpochSecond(random.nextInt());
      case 2 -> Instant.ofEpochSecond(random.nextLong() >> 12, 1);
      default -> Instant.EPOCH;
    };
  }

  private static EntryPath anyPath(Random random) {
    if (random.nextInt(10) == 0) {
      byte[] bytes = new byte[1 + random.nextInt(300)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (1 + random.nextInt(255));
      }
      return EntryPath.ofBytes(bytes);
    }
    StringBuilder path = new StringBuilder();
    int steps = 1 + random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      path.append(i > 0 ? "/" : "").append(STEPS[random.nextInt(STEPS.length)]);
    }
    path.append(random.nextInt(4) == 0 ? "/" : "");
    return EntryPath.of(path.length() == 0 ? "z" : path.toString());
  }
}
