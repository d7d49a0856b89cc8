package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.testkit.MemoryContents;
import dev.varve.testkit.MemorySource;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backs up and restores in another JVM, whose locale cannot say the names of the files. */
@EnabledOnOs(OS.LINUX)
class AnyLocaleTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
  void namesOfAnyBytes_backedUpAndRestored_areTheSame(String locale) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    byte[][] names = {
      "plain".getBytes(StandardCharsets.UTF_8),
      "gr\u00fc\u00df \u6f22".getBytes(StandardCharsets.UTF_8),
      {(byte) 0xff, (byte) 0xfe},
      {(byte) 0xc3},
      {'?'},
      {(byte) 0xef, (byte) 0xbf, (byte) 0xbd},
      {'%', 'F', 'F', '\n', '\\'},
    };
    for (byte[] name : names) {
      Path d = Files.createDirectory(tree.resolve(RawNames.step(name)));
      Files.write(d.resolve(RawNames.step(name)), name);
      Files.createSymbolicLink(d.resolve("link"), Path.of("..").resolve(RawNames.step(name)));
      Optional<SystemCalls> calls = SystemCalls.find();
      if (calls.isPresent()) {
        calls.get().makePipe(d.resolve(RawNames.step(new byte[] {'p', (byte) 0xfd})));
        byte[] attribute = {'u', 's', 'e', 'r', '.', (byte) 0xfc};
        calls.get().setAttribute(Spot.at(d.resolve(RawNames.step(name))), attribute, name);
        calls.get().setAttribute(Spot.at(d), attribute, name);
        calls.get().makeLink(d.resolve("odd"), new byte[] {'.', '/', '/', (byte) 0xfb, '/'});
      }
    }
    Path restored = directory.resolve("restored");

    assertEquals("", run(locale, tree, restored));

    assertEquals(List.of(), TreeDifferences.between(tree, restored));
  }

  @Test
  void identity_isTheSameInAnyLocale() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("b\u00e4ume"));
    assertEquals(FilesSource.of(tree).host("h").identity().toString(), "files:" + tree + "@h");
  }

  private static String run(String locale, Path tree, Path restored) throws Exception {
    return new ChildJvm(AnyLocaleTest.class).with("LC_ALL", locale).run(tree, restored);
  }

  /** Backs the first argument up and restores it to the second; prints problems. */
  public static void main(String[] arguments) throws IOException {
    Path tree = Path.of(arguments[0]);
    RecordingContext context = new RecordingContext();
    MemorySource backup = Sources.backedUp(FilesSource.of(tree), context);
    MemoryContents contents = MemoryContents.of(backup);
    FilesTarget.into(Path.of(arguments[1]))
        .strip(tree.getNameCount())
        .verify()
        .restore(contents, context);
    System.out.print(Sources.text(context));
    contents.problems().forEach(System.out::print);
  }
}
