package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.EntryKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways to call the C library do the same. */
@EnabledOnOs(OS.LINUX)
class SystemCallsTest {

  private static final byte[] NAME = {'u', 's', 'e', 'r', '.', (byte) 0xff, '\n'};

  @TempDir Path directory;

  /** The ways; the JDK's own needs JDK 22. */
  enum Way {
    JDK,
    JNA;

    SystemCalls calls() throws ReflectiveOperationException {
      assumeTrue(this == JNA || Runtime.version().feature() >= ForeignBinding.FIRST_JDK);
      return new SystemCalls(this == JDK ? new ForeignBinding() : new JnaBinding());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void attributes_ofAnyNameAndValue_areSetShownAndRemoved(Way way) throws Exception {
    SystemCalls calls = way.calls();
    Path file = Files.createFile(directory.resolve(RawNames.step(new byte[] {(byte) 0xfe, 'x'})));
    byte[] value = new byte[3_000];
    IntStream.range(0, value.length).forEach(i -> value[i] = (byte) i);
    Spot spot = Spot.at(file);

    assertEquals(List.of(), calls.attributeNames(spot));
    calls.setAttribute(spot, NAME, value);
    calls.setAttribute(spot, bytes("user.empty"), new byte[0]);

    assertEquals(2, calls.attributeNames(spot).size());
    assertArrayEquals(value, calls.attribute(spot, NAME).orElseThrow());
    assertArrayEquals(new byte[0], calls.attribute(spot, bytes("user.empty")).orElseThrow());
    calls.removeAttribute(spot, NAME);
    calls.removeAttribute(spot, NAME);
    assertEquals(Optional.empty(), calls.attribute(spot, NAME));
    assertEquals(1, calls.attributeNames(spot).size());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void attributes_byDescriptor_areThoseOfWhatIsHeld(Way way) throws Exception {
    SystemCalls calls = way.calls();
    Path file = Files.createFile(directory.resolve("file"));
    try (Pin pin = calls.pin(file)) {
      Files.move(file, directory.resolve("moved"));
      Files.createFile(file);
      calls.setAttribute(Spot.behind(pin.path()), NAME, bytes("held"));
      assertEquals(1, calls.attributeNames(Spot.behind(pin.path())).size());
      assertTrue(calls.attribute(Spot.behind(pin.path()), NAME).isPresent());
      assertEquals(List.of(), calls.attributeNames(Spot.at(file)));
      calls.removeAttribute(Spot.behind(pin.path()), NAME);
    }
    assertEquals(List.of(), calls.attributeNames(Spot.at(directory.resolve("moved"))));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void failures_areThoseOfTheJdk(Way way) throws Exception {
    SystemCalls calls = way.calls();
    Path none = directory.resolve("none");
    assertThrows(NoSuchFileException.class, () -> calls.attributeNames(Spot.at(none)));
    assertThrows(NoSuchFileException.class, () -> calls.pin(none));
    assertThrows(FileAlreadyExistsException.class, () -> calls.makePipe(directory));
    assertThrows(NoSuchFileException.class, () -> calls.setTime(none, Instant.EPOCH));
    assertThrows(
        FileSystemException.class,
        () -> calls.setAttribute(Spot.at(directory), NAME, new byte[70_000]));
    Path tooLong = directory.resolve("x/".repeat(3_000));
    assertThrows(FileSystemException.class, () -> calls.attributeNames(Spot.at(tooLong)));
    Path link = Files.createSymbolicLink(directory.resolve("link"), none);
    assertThrows(IOException.class, () -> calls.setAttribute(Spot.at(link), NAME, new byte[1]));
    assertEquals(List.of(), calls.attributeNames(Spot.at(Path.of("/proc/self/stat"))));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void nodes_areMadeAsTheyAreAskedFor(Way way) throws Exception {
    SystemCalls calls = way.calls();
    Path pipe = directory.resolve("pipe");
    calls.makePipe(pipe);
    assertEquals(EntryKind.FIFO, Stat.of(pipe).kind());
    assertEquals(0600, Stat.of(pipe).mode());

    Path link = directory.resolve("link");
    byte[] target = {'/', '/', 'a', (byte) 0xff, '/', '/'};
    calls.makeLink(link, target);
    assertArrayEquals(target, RawNames.linkTarget(Files.readSymbolicLink(link)));
    Instant time = Instant.ofEpochSecond(-5, 123_456_789);
    calls.setTime(link, time);
    assertEquals(time, Stat.of(link).modified());
    assertFalse(Files.exists(link));

    assumeTrue(Stat.of(directory).uid() == 0);
    for (String name : List.of("1:3", "259:1048575", "4095:256", "0:0")) {
      Path device = directory.resolve("device " + name);
      calls.makeDevice(device, name.startsWith("2"), Stat.deviceNumber(name));
      assertEquals(name, Stat.of(device).deviceName());
      assertEquals(
          name.startsWith("2") ? EntryKind.BLOCK_DEVICE : EntryKind.CHARACTER_DEVICE,
          Stat.of(device).kind());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void calls_ofManyThreads_doNotMix(Way way) throws Exception {
    SystemCalls calls = way.calls();
    List<String> wrong =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(i -> oneOfMany(calls, i))
            .flatMap(Optional::stream)
            .toList();
    assertEquals(List.of(), wrong);
  }

  private Optional<String> oneOfMany(SystemCalls calls, int i) {
    try {
      Path file = Files.createFile(directory.resolve("many" + i));
      calls.setAttribute(Spot.at(file), bytes("user.n" + i), bytes("value " + i));
      boolean failed = false;
      try {
        calls.attributeNames(Spot.at(directory.resolve("none" + i)));
      } catch (NoSuchFileException right) {
        failed = true;
      }
      byte[] found = calls.attribute(Spot.at(file), bytes("user.n" + i)).orElseThrow();
      boolean right = new String(found, StandardCharsets.UTF_8).equals("value " + i);
      return failed && right ? Optional.empty() : Optional.of("file " + i);
    } catch (IOException failure) {
      return Optional.of(failure.toString());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
