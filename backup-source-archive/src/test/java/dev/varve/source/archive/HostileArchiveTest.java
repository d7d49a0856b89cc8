package dev.varve.source.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.varve.BackupReport;
import dev.varve.Snapshot;
import dev.varve.SourceException;
import dev.varve.testkit.CollectingTarget;
import dev.varve.testkit.MemorySource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that lie, break off, or were made to do harm: refused, and nothing is committed. */
class HostileArchiveTest {

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x", "a/..", "..", "a\0b"})
  void import_nameThatLeadsOutside_isRefused(String name) throws IOException {
    assertRefused(tar(name), "name in it");
    if (name.indexOf('\0') < 0) {
      assertRefused(zip(name), "name in it");
    }
  }

  @Test
  void import_sameNameTwice_isRefused() throws IOException {
    assertRefused(concatenated(member("a"), member("./a"), new byte[1024]), "twice");
  }

  @ParameterizedTest
  @EnumSource(ArchiveTarget.Format.class)
  void import_cutAnywhere_commitsNothing(ArchiveTarget.Format format) throws IOException {
    byte[] whole;
    try (Repos repository = new Repos()) {
      whole = repository.export(snapshot(repository), format);
    }
    int essential = whole.length;
    if (format == ArchiveTarget.Format.TAR) {
      // The zeros behind the end are of no use.
      while (whole[essential - 1] == 0) {
        essential--;
      }
      essential += 512 - essential % 512;
    }
    Random random = new Random(2);
    for (int i = 0; i < 60; i++) {
      int length = i < 20 ? i * 512 : random.nextInt(essential);
      if (length < essential) {
        assertRefused(Arrays.copyOf(whole, length), "");
      }
    }
    assertRefused(Arrays.copyOf(whole, essential - 1), "");
  }

  @ParameterizedTest
  @EnumSource(ArchiveTarget.Format.class)
  void import_anyByteChanged_neverEndsInAnythingButAReportOrARefusal(ArchiveTarget.Format format)
      throws IOException {
    byte[] whole;
    try (Repos repository = new Repos()) {
      whole = repository.export(snapshot(repository), format);
    }
    Random random = new Random(3);
    try (Repos repository = new Repos()) {
      for (int i = 0; i < 150; i++) {
        byte[] changed = whole.clone();
        int at = i % 3 == 0 ? random.nextInt(2048) : random.nextInt(whole.length);
        changed[at] ^= (byte) (1 << random.nextInt(8));
        try {
          repository.backup(ArchiveSource.of(file(changed)));
        } catch (SourceException refused) {
          assertTrue(
              String.valueOf(refused.getMessage()).contains("nothing was committed"),
              refused.getMessage());
        }
      }
    }
  }

  @Test
  void import_wrongChecksums_areNoticed() throws IOException {
    byte[] whole = zip("a");
    whole[40]++;
    try (Repos repository = new Repos()) {
      BackupReport report = repository.backup(ArchiveSource.of(file(whole)));

      assertEquals(1, report.problemCount());
      assertTrue(report.problems().get(0).message().contains("damaged"), report.toString());
    }
  }

  @Test
  void import_bombs_areRefusedEarly() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    byte[] header = header("bomb", '0', h -> TarUtils.formatLongOctalBytes(1L << 32, h, 124, 12));
    byte[] zeros = new byte[1 << 20];
    try (GZIPOutputStream packed = new GZIPOutputStream(gzip)) {
      packed.write(header);
      for (int i = 0; i < 40; i++) {
        packed.write(zeros);
      }
    }
    try (ZstdOutputStream packed = new ZstdOutputStream(zstd)) {
      packed.write(header);
      for (int i = 0; i < 1200; i++) {
        packed.write(zeros);
      }
    }
    assertRefused(zstd.toByteArray(), "unpacks to more than 1100 times");
    assertRefused(gzip.toByteArray(), "ends in the middle");
  }

  @Test
  void import_sparseFileOfExabytes_isRefused() throws IOException {
    byte[] bomb =
        header(
            "sparse",
            'S',
            h -> {
              TarUtils.formatLongOctalOrBinaryBytes(1L << 60, h, 483, 12);
              TarUtils.formatLongOctalBytes(0, h, 124, 12);
            });
    assertProblemOrRefused(concatenated(bomb, new byte[1024]), "unpacks to more than");
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g', 'L', 'K'})
  void import_headersOfAbsurdLength_areRefusedUnread(char type) throws IOException {
    for (long length : new long[] {1L << 33, Long.MAX_VALUE - 5, 100 << 20}) {
      byte[] header =
          header("h", type, h -> TarUtils.formatLongOctalOrBinaryBytes(length, h, 124, 12));
      assertRefused(concatenated(header, new byte[2048]), "longer than any can be");
    }
  }

  @Test
  void import_memberLongerThanTheArchive_isRefused() throws IOException {
    for (long length : new long[] {5000, 1L << 40, Long.MAX_VALUE - 5}) {
      byte[] header =
          header("a", '0', h -> TarUtils.formatLongOctalOrBinaryBytes(length, h, 124, 12));
      assertRefused(concatenated(header, new byte[2048]), "");
    }
  }

  @Test
  void import_linkToNothing_isLeftOutAndNamed() throws IOException {
    byte[] link = header("link", '1', h -> h[157] = 'q');
    try (Repos repository = new Repos()) {
      BackupReport report =
          repository.backup(
              ArchiveSource.of(file(concatenated(member("a"), link, new byte[1024]))));

      assertEquals(1, report.problemCount());
      assertTrue(report.problems().get(0).message().contains("another name of 'q'"));
    }
  }

  @Test
  void import_archiveThatClaimsToBeVarves_isTrustedNoMore() throws IOException {
    Note note =
        new Note()
            .with("archive", "1")
            .with("source", "files:a@b")
            .with("time", "2026-01-01T00:00:00Z");
    byte[] description = written(tar -> tar.note(note));
    assertRefused(
        concatenated(description, member("b"), member("a"), new byte[1024]),
        "'a' comes after",
        true);
    assertRefused(
        concatenated(description, member("../b"), new byte[1024]), "leads out of it", true);
    byte[] nonsense =
        written(tar -> tar.begin(noted(new Note().with("kind", "directory").with("links", "x"))));
    assertRefused(concatenated(description, nonsense, new byte[1024]), "makes no sense", true);
    byte[] newer = written(tar -> tar.note(new Note().with("archive", "2")));
    assertRefused(concatenated(newer, member("a"), new byte[1024]), "newer Varve", true);
  }

  @Test
  void export_ofWhatChangesNothing_isRepeatable() throws IOException {
    try (Repos repository = new Repos()) {
      Snapshot snapshot = snapshot(repository);
      for (ArchiveTarget.Format format : ArchiveTarget.Format.values()) {
        if (format != ArchiveTarget.Format.TAR_ZST) {
          assertEquals(
              Arrays.hashCode(repository.export(snapshot, format)),
              Arrays.hashCode(repository.export(snapshot, format)));
        }
      }
    }
  }

  @Test
  void import_fromAStreamOfOthers_keepsContentsInAFile() throws IOException {
    MemorySource expected = new MemorySource().file("a", "content a").file("b", "content b");
    byte[] tar = concatenated(member("b"), member("a"), new byte[1024]);
    try (Repos repository = new Repos()) {
      InputStream in = new ByteArrayInputStream(tar);
      BackupReport report = repository.backup(ArchiveSource.of(in).named("piped"));

      CollectingTarget target = new CollectingTarget();
      repository.restore(report.snapshot(), target);
      assertEquals(expected.entries().keySet(), target.collected().keySet());
      assertEquals("content a", new String(target.content("a"), StandardCharsets.UTF_8));
      assertEquals("archive", report.snapshot().source().kind());
      assertEquals("piped", report.snapshot().source().name());
    }
  }

  private static Snapshot snapshot(Repos repository) {
    return repository
        .backup(
            new MemorySource()
                .directory("d/")
                .file("d/a", 3000, 1)
                .file("d/b", "text")
                .link("l", "d/a")
                .file("z", 2000, 2))
        .snapshot();
  }

  private void assertRefused(byte[] archive, String why) throws IOException {
    assertRefused(archive, why, false);
  }

  private void assertRefused(byte[] archive, String why, boolean packed) throws IOException {
    byte[] bytes = archive;
    if (packed) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(archive);
      }
      bytes = out.toByteArray();
    }
    Path file = file(bytes);
    try (Repos repository = new Repos()) {
      SourceException refused =
          assertThrows(SourceException.class, () -> repository.backup(ArchiveSource.of(file)));
      assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
      assertTrue(repository.isEmpty());
    }
  }

  private void assertProblemOrRefused(byte[] archive, String why) throws IOException {
    Path file = file(archive);
    try (Repos repository = new Repos()) {
      String said;
      try {
        said = repository.backup(ArchiveSource.of(file)).problems().toString();
      } catch (SourceException refused) {
        said = String.valueOf(refused.getMessage());
      }
      assertTrue(said.contains(why), said);
    }
  }

  private Path file(byte[] archive) throws IOException {
    return Files.write(directory.resolve("archive"), archive);
  }

  private static byte[] tar(String name) throws IOException {
    return concatenated(member(name), new byte[1024]);
  }

  private static byte[] member(String name) throws IOException {
    byte[] content = ("content " + name).getBytes(StandardCharsets.UTF_8);
    PaxRecords pax = new PaxRecords().with("path", name);
    byte[] records = pax.encode();
    return concatenated(
        header("p", 'x', h -> TarUtils.formatLongOctalBytes(records.length, h, 124, 12)),
        Arrays.copyOf(records, 512),
        header("short", '0', h -> TarUtils.formatLongOctalBytes(content.length, h, 124, 12)),
        Arrays.copyOf(content, 512));
  }

  private static byte[] header(String name, char type, Consumer<byte[]> more) {
    byte[] header = new byte[512];
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, 0, bytes.length);
    more.accept(header);
    header[156] = (byte) type;
    Arrays.fill(header, 148, 156, (byte) ' ');
    TarUtils.formatCheckSumOctalBytes(TarUtils.computeCheckSum(header), header, 148, 8);
    return header;
  }

  private static TarMember noted(Note note) {
    return new TarMember(
        TarMember.Type.FILE,
        new byte[] {'a'},
        new byte[0],
        0,
        0644,
        0,
        0,
        "",
        "",
        Instant.EPOCH,
        Optional.empty(),
        0,
        0,
        Map.of(),
        Optional.of(note));
  }

  private interface Writing {
    void with(TarWriter tar) throws IOException;
  }

  private static byte[] written(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writing.with(new TarWriter(out));
    return out.toByteArray();
  }

  private static byte[] zip(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write("some content that is packed".repeat(20).getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return out.toByteArray();
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List.of(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
