package dev.varve.source.archive;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.BackupReport;
import dev.varve.Snapshot;
import dev.varve.source.files.FilesSource;
import dev.varve.source.files.FilesTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tar, gzip, zstd, zip and unzip of this machine make of our archives, and we of theirs. */
class OtherProgramsTest {

  private static final String LONG = "long-name-".repeat(15);

  @TempDir private Path directory = Path.of("");

  private Path tree = Path.of("");

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.createDirectories(tree.resolve("b/" + LONG + "/" + LONG));
    Files.createDirectory(tree.resolve("empty"));
    byte[] large = new byte[400_000];
    new Random(1).nextBytes(large);
    Files.write(tree.resolve("b/large"), large);
    Files.writeString(tree.resolve("b/" + LONG + "/" + LONG + "/deep"), "deep");
    Files.writeString(tree.resolve("b/" + LONG + "/over"), "over");
    Files.writeString(tree.resolve("a"), "text");
    Files.writeString(tree.resolve("überweisung €"), "ümlaut");
    Files.writeString(tree.resolve("line\nend"), "");
    Files.writeString(tree.resolve("program"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        tree.resolve("program"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("b/large"));
    Files.createSymbolicLink(tree.resolve("far"), Path.of("../" + LONG + "/" + LONG));
    try (RandomAccessFile holes = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      for (int i = 1; i < 15; i++) {
        holes.seek(i * 200_000L);
        holes.write(("piece " + i).getBytes(StandardCharsets.US_ASCII));
      }
      holes.setLength(3_000_000);
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted((x, y) -> y.compareTo(x)).toList()) {
        if (!Files.isSymbolicLink(path)) {
          Files.setLastModifiedTime(
              path, FileTime.from(Instant.parse("2024-05-06T07:08:09.123456789Z")));
        }
      }
    }
  }

  @Test
  void tar_unpacksWhatWeExport_withLinksAttributesAndTimes() throws Exception {
    Files.createLink(tree.resolve("z-other-name"), tree.resolve("b/large"));
    byte[] raw = {'r', 'a', 'w', (byte) 0xff, (byte) 0x80};
    run(tree, "sh", "-c", "echo bytes > \"$(printf 'raw\\377\\200')\"");
    boolean attributes = setAttribute(tree.resolve("a"), new byte[] {0, (byte) 0xff, '\n', 1});
    for (String ending : List.of(".tar", ".tar.gz", ".tar.zst")) {
      Path archive = directory.resolve("ours" + ending);
      export(archive);
      Path out = Files.createDirectory(directory.resolve("out" + ending));

      String said =
          run(out, "tar", "--xattrs", "--strip-components=" + strip(), "-xf", archive.toString());

      // It takes names for bytes anyway, but others must be told.
      String aboutRaw = "tar: Ignoring unknown extended header keyword 'hdrcharset'\n";
      assertEquals(aboutRaw, said, "GNU tar complains of nothing else");
      assertEquals(listing(tree, true), listing(out, true));
      assertEquals(
          Files.getAttribute(out.resolve("b/large"), "unix:ino"),
          Files.getAttribute(out.resolve("z-other-name"), "unix:ino"));
      if (attributes) {
        assertEquals(attribute(tree.resolve("a")), attribute(out.resolve("a")));
      }
      assertTrue(run(out, "sh", "-c", "ls | od -c").contains("377 200"), "name of " + raw.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
  void import_archivesOfTar_isTheTree(String format) throws Exception {
    if (format.equals("v7") || format.equals("ustar")) {
      run(tree, "sh", "-c", "rm -r b/long-name-* far");
    }
    Files.createLink(tree.resolve("0-other-name"), tree.resolve("b/large"));
    boolean exact = format.equals("posix");
    for (String packed : List.of("", "--gzip", "--zstd", "--bzip2")) {
      if (packed.equals("--bzip2") && !Files.exists(Path.of("/usr/bin/bzip2"))) {
        continue;
      }
      List<String> command =
          new ArrayList<>(List.of("tar", "--format=" + format, "-C", tree.toString(), "-cf", "-"));
      if (!packed.isEmpty()) {
        command.add(packed);
      }
      command.add(".");
      Path archive = directory.resolve("theirs" + packed);
      write(archive, command);

      assertImports(archive, exact);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--format=gnu",
        "--sparse-version=0.0",
        "--sparse-version=0.1",
        "--sparse-version=1.0"
      })
  void import_sparseFilesOfTar_areWhole(String version) throws Exception {
    Path archive = directory.resolve("sparse.tar");
    List<String> command =
        List.of("tar", "-S", version.startsWith("--s") ? "--format=posix" : version, version);
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-C", tree.toString(), "-cf", "-", "a", "holes", "link"));
    write(archive, all);
    assertTrue(Files.size(archive) < 500_000, "It is sparse indeed");

    Path out = imported(archive);

    assertEquals(-1, Files.mismatch(tree.resolve("holes"), out.resolve("holes")));
    assertEquals("text", Files.readString(out.resolve("a")));
  }

  @Test
  void import_attributesOfTar_areKept() throws Exception {
    assumeTrue(setAttribute(tree.resolve("a"), new byte[] {0, (byte) 0xff, '\n', 1}));
    Path archive = directory.resolve("attributes.tar");
    write(archive, List.of("tar", "--xattrs", "-C", tree.toString(), "-cf", "-", "a"));

    Path out = imported(archive);

    assertEquals(attribute(tree.resolve("a")), attribute(out.resolve("a")));
  }

  @Test
  void unzip_unpacksWhatWeExport() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/unzip")));
    Path archive = directory.resolve("ours.zip");
    Files.delete(tree.resolve("line\nend")); // It takes the line's end out of the name.
    export(archive);
    Path out = Files.createDirectory(directory.resolve("out"));

    run(out, "unzip", "-q", "-t", archive.toString());
    run(out, "env", "LC_ALL=C.UTF-8", "unzip", "-q", archive.toString());

    Path top = Path.of(out + tree.toString());
    assertEquals(listing(tree, false), listing(top, false));
  }

  @Test
  void import_archivesOfZip_isTheTree() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/zip")));
    Path archive = directory.resolve("theirs.zip");
    run(tree, "zip", "-q", "-r", "-y", archive.toString(), ".");

    assertImports(archive, false);
  }

  private void assertImports(Path archive, boolean exact) throws IOException {
    Path out = imported(archive);
    assertEquals(listing(tree, exact), listing(out, exact), "of " + archive);
  }

  private Path imported(Path archive) throws IOException {
    Path out = Files.createTempDirectory(directory, "imported");
    try (Repos repository = new Repos()) {
      BackupReport report = repository.backup(ArchiveSource.of(archive));
      assertEquals(List.of(), report.problems());
      assertEquals(
          List.of(), repository.restore(report.snapshot(), FilesTarget.into(out)).problems());
    }
    return out;
  }

  private void export(Path archive) {
    try (Repos repository = new Repos()) {
      Snapshot snapshot = repository.backup(FilesSource.of(tree)).snapshot();
      assertEquals(List.of(), repository.restore(snapshot, ArchiveTarget.to(archive)).problems());
    }
  }

  private int strip() {
    return tree.getNameCount();
  }

  /** What there is by name: kind, mode, time, content. */
  private static SortedMap<String, String> listing(Path top, boolean exact) throws IOException {
    SortedMap<String, String> listing = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.filter(p -> !p.equals(top)).toList()) {
        Map<String, Object> facts =
            Files.readAttributes(path, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        String said;
        if (Files.isSymbolicLink(path)) {
          said = "link to " + Files.readSymbolicLink(path);
        } else {
          Instant time = Files.getLastModifiedTime(path).toInstant();
          said =
              Integer.toOctalString((Integer) requireNonNull(facts.get("mode")))
                  + " "
                  + (exact ? time : time.getEpochSecond() / 2)
                  + " "
                  + (Files.isDirectory(path) ? "" : Arrays.hashCode(Files.readAllBytes(path)));
        }
        listing.put(top.relativize(path).toString(), said);
      }
    }
    return listing;
  }

  private static boolean setAttribute(Path file, byte[] value) {
    try {
      requireNonNull(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class))
          .write("colour", ByteBuffer.wrap(value));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static List<Byte> attribute(Path file) throws IOException {
    ByteBuffer value = ByteBuffer.allocate(100);
    requireNonNull(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class))
        .read("colour", value);
    List<Byte> bytes = new ArrayList<>();
    value.flip();
    while (value.hasRemaining()) {
      bytes.add(value.get());
    }
    return bytes;
  }

  private static void write(Path file, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectOutput(file.toFile()).start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static String run(Path where, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    process.getInputStream().transferTo(said);
    assertEquals(0, process.waitFor(), said.toString(StandardCharsets.UTF_8));
    return said.toString(StandardCharsets.UTF_8);
  }
}
