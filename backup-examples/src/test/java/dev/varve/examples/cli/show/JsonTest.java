package dev.varve.examples.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Attributes;
import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Progress;
import dev.varve.Snapshot;
import dev.varve.SnapshotId;
import dev.varve.SourceIdentity;
import dev.varve.Statistics;
import dev.varve.Tally;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void value_writtenTwice_isALineEach() throws IOException {
    try (Json json = new Json(out)) {
      json.value(() -> json.field("n", 1));
      json.value(() -> json.field("yes", true));
    }

    assertEquals("{\"n\":1}\n{\"yes\":true}\n", written());
  }

  @Test
  void entry_withHostileName_staysOneLineOfJson() throws IOException {
    EntryPath path = EntryPath.ofBytes(new byte[] {'a', '\n', '"', (byte) 0xff});
    try (Json json = new Json(out)) {
      json.value(() -> json.entry(Entry.builder(path, EntryKind.FILE).size(3).build()));
    }

    assertEquals("{\"path\":\"a\\\\x0a\\\"\\\\xff\",\"kind\":\"file\",\"size\":3}\n", written());
  }

  @Test
  void entry_withEverything_tellsEverything() throws IOException {
    Instant time = Instant.parse("2026-11-19T03:00:00.000000001Z");
    Entry entry =
        Entry.builder(EntryPath.of("link"), EntryKind.SYMBOLIC_LINK)
            .modified(time)
            .linkTarget(EntryPath.of("there"))
            .hardLinkGroup(7)
            .posix(new Posix(04755, 1, 2, Optional.of("u"), Optional.of("g"), Optional.of(time)))
            .attributes(Attributes.none().with("xattr.user.colour", "red"))
            .build();
    try (Json json = new Json(out)) {
      json.value(() -> json.entry(entry));
    }

    assertEquals(
        "{\"path\":\"link\",\"kind\":\"symbolic-link\",\"size\":0,"
            + "\"modified\":\"2026-11-19T03:00:00.000000001Z\",\"linkTarget\":\"there\","
            + "\"hardLinkGroup\":7,\"mode\":\"4755\",\"uid\":1,\"gid\":2,\"user\":\"u\","
            + "\"group\":\"g\",\"changed\":\"2026-11-19T03:00:00.000000001Z\","
            + "\"attributes\":{\"xattr.user.colour\":\"cmVk\"}}\n",
        written());
  }

  @Test
  void snapshot_hasItsStatisticsWithin() throws IOException {
    Instant time = Instant.parse("2026-11-19T03:00:00Z");
    Statistics statistics =
        new Statistics(
            new Tally(1, 2, 3),
            Tally.NONE,
            Tally.NONE,
            100,
            50,
            25,
            12,
            4,
            3,
            Duration.ofMillis(1500),
            Map.of("dumps", 1L));
    Snapshot snapshot =
        new Snapshot(
            new SnapshotId("0".repeat(32)),
            SourceIdentity.parse("files:uploads@web-1"),
            time,
            true,
            time,
            Map.of("release", "4.2"),
            false,
            statistics,
            0,
            "varve 0.1.0");
    try (Json json = new Json(out)) {
      json.value(() -> json.snapshot(snapshot));
    }

    assertEquals(
        "{\"id\":\""
            + "0".repeat(32)
            + "\",\"source\":\"files:uploads@web-1\",\"time\":\"2026-11-19T03:00:00Z\","
            + "\"timeKnown\":true,\"claimedTime\":\"2026-11-19T03:00:00Z\","
            + "\"tags\":{\"release\":\"4.2\"},\"pinned\":false,\"problems\":0,\"software\":\"varve 0.1.0\","
            + "\"statistics\":{\"files\":{\"added\":1,\"changed\":2,\"unchanged\":3},"
            + "\"directories\":{\"added\":0,\"changed\":0,\"unchanged\":0},"
            + "\"others\":{\"added\":0,\"changed\":0,\"unchanged\":0},\"contentBytes\":100,"
            + "\"readBytes\":50,\"addedBytes\":25,\"storedBytes\":12,\"chunks\":4,"
            + "\"addedChunks\":3,\"seconds\":1.5,\"counts\":{\"dumps\":1}}}\n",
        written());
  }

  @Test
  void progress_withoutTotals_leavesThemOut() throws IOException {
    Progress progress =
        new Progress("reading", 1, 2, OptionalLong.empty(), OptionalLong.of(9), Optional.empty());
    try (Json json = new Json(out)) {
      json.value(() -> json.progress(progress));
    }

    assertEquals("{\"phase\":\"reading\",\"entries\":1,\"bytes\":2,\"totalBytes\":9}\n", written());
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
