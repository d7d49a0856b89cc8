package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RawNamesTest {

  @TempDir Path directory;

  @Property
  void step_anyBytes_comeBack(@ForAll("names") byte[] name) {
    assertArrayEquals(name, RawNames.lastStep(RawNames.step(name)));
    assertArrayEquals(name, RawNames.lastStep(Path.of("/tmp").resolve(RawNames.step(name))));
  }

  @Property
  void path_anySteps_comeBack(@ForAll("names") byte[] first, @ForAll("names") byte[] second) {
    byte[] path = Arrays.copyOf(first, first.length + 1 + second.length);
    path[first.length] = '/';
    System.arraycopy(second, 0, path, first.length + 1, second.length);
    assertArrayEquals(path, RawNames.withoutRoot(RawNames.path(path)));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void linkTarget_whateverALinkHolds_isKept() throws Exception {
    byte[][] targets = {
      "a".getBytes(StandardCharsets.UTF_8),
      "../x/./y".getBytes(StandardCharsets.UTF_8),
      "/abs/ä".getBytes(StandardCharsets.UTF_8),
      {'.', '.', '/', (byte) 0xff, '/', '.', '.', '/', (byte) 0xfe},
      {'/', (byte) 0xff},
      {'/', '/', '/'},
      "/".getBytes(StandardCharsets.UTF_8),
    };
    for (int i = 0; i < targets.length; i++) {
      Path link = directory.resolve("link" + i);
      Files.createSymbolicLink(link, RawNames.linkPath(targets[i]));
      byte[] expected = i == 5 ? new byte[] {'/'} : targets[i];
      assertArrayEquals(expected, RawNames.linkTarget(Files.readSymbolicLink(link)));
      Files.delete(link);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void linkTarget_toADirectory_getsNoSlash() throws Exception {
    Path target = directory.resolve(RawNames.step(new byte[] {(byte) 0xff}));
    Files.createDirectory(target);
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    byte[] held = RawNames.linkTarget(Files.readSymbolicLink(link));
    assertEquals((byte) 0xff, held[held.length - 1]);
    assertTrue(Files.isDirectory(link));
  }

  @Provide
  Arbitrary<byte[]> names() {
    return Arbitraries.bytes()
        .filter(b -> b != 0 && b != '/')
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(30)
        .filter(name -> !(name[0] == '.' && name.length <= 2));
  }
}
