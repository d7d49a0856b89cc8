package dev.varve.golden;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.SourceIdentity;
import dev.varve.testkit.ContentFault;
import dev.varve.testkit.MemorySource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Sources with something of everything that a catalog can hold. Used by one thread. */
final class GoldenSources {

  private static final int LONG_PATH_BYTES = 3000;

  private GoldenSources() {}

  /** The largest chunk in the repositories that are made of these sources. */
  static final int LARGEST_CHUNK_BYTES = 16 << 10;

  static MemorySource main() {
    MemorySource source = new MemorySource(SourceIdentity.parse("memory:golden@test"));
    source
        .directory("docs")
        .file("docs/readme.txt", "Varve keeps snapshots.\n")
        .file("docs/empty", "")
        .link("docs/latest", "readme.txt")
        .file("data/random.bin", 60_000, 1)
        .file("data/text.log", log(4000, ""))
        .file("data/zeros", new byte[300 * LARGEST_CHUNK_BYTES + 5]);
    for (int i = 0; i < 1500; i++) {
      source.link(String.format(Expectation.MANY + "%05d", i), "target-" + i % 10);
    }
    hostileNames(source);
    attributed(source);
    return source;
  }

  private static void hostileNames(MemorySource source) {
    byte[][] names = {
      {(byte) 0xff, (byte) 0xfe, '/', (byte) 0x80},
      "with\nnewline and \u0001".getBytes(StandardCharsets.UTF_8),
      "\u00fcml\u00e4ut/\ud83d\ude00".getBytes(StandardCharsets.UTF_8),
      "..".getBytes(StandardCharsets.UTF_8),
      "../up".getBytes(StandardCharsets.UTF_8),
      "/absolute".getBytes(StandardCharsets.UTF_8),
      "a//b".getBytes(StandardCharsets.UTF_8),
      "C:\\nul".getBytes(StandardCharsets.UTF_8),
      ("long/" + "x".repeat(LONG_PATH_BYTES)).getBytes(StandardCharsets.UTF_8)
    };
    for (byte[] name : names) {
      byte[] content = ("content of " + name.length).getBytes(StandardCharsets.UTF_8);
      source.put(
          Entry.builder(EntryPath.ofBytes(name), EntryKind.FILE).size(content.length).build(),
          content);
    }
  }

  private static void attributed(MemorySource source) {
    Instant early = Instant.ofEpochSecond(-2, 300);
    Instant late = Instant.parse("2026-11-20T10:11:12.123456789Z");
    Posix root = new Posix(0755, 0, 0, Optional.of("root"), Optional.of("root"), Optional.of(late));
    Posix nobody =
        new Posix(
            06711, 4_294_967_294L, 65_534, Optional.empty(), Optional.empty(), Optional.empty());
    byte[] linked = "one content, two names\n".getBytes(StandardCharsets.UTF_8);
    for (String name : new String[] {"posix/linked-1", "posix/linked-2"}) {
      source.put(
          Entry.builder(EntryPath.of(name), EntryKind.FILE)
              .size(linked.length)
              .modified(late)
              .hardLinkGroup(7)
              .posix(root)
              .build(),
          linked);
    }
    source.put(
        Entry.builder(EntryPath.of("posix/attributed"), EntryKind.FILE)
            .modified(early)
            .posix(nobody)
            .attributes(
                Attributes.none()
                    .with("xattr.user.colour", "blue")
                    .with("xattr.user.raw", new byte[] {0, (byte) 0xff, 10}))
            .build(),
        new byte[0]);
    EntryKind[] kinds = {
      EntryKind.DIRECTORY,
      EntryKind.FIFO,
      EntryKind.SOCKET,
      EntryKind.CHARACTER_DEVICE,
      EntryKind.BLOCK_DEVICE
    };
    for (EntryKind kind : kinds) {
      source.put(
          Entry.builder(EntryPath.of("posix/kind-" + kind.code()), kind)
              .modified(early)
              .posix(root)
              .build());
    }
  }

  /** What changes before the second backup. */
  static void change(MemorySource source) {
    source
        .file("data/text.log", log(4000, "an insertion\n"))
        .file("docs/new", "new\n")
        .remove("docs/latest")
        .remove("many/00777")
        .file("docs/secret", "nobody may read this")
        .fault("docs/secret", ContentFault.DENIED);
  }

  static MemorySource other() {
    return new MemorySource(SourceIdentity.parse("memory:other@test"))
        .file("docs/readme.txt", "Varve keeps snapshots.\n")
        .file("compressible", "0123456789".repeat(500));
  }

  private static String log(int lines, String inserted) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      out.append("2026-11-20 line ").append(i * 7919 % 100_003).append(" of a log\n");
      if (i == lines / 2) {
        out.append(inserted);
      }
    }
    return out.toString();
  }
}
