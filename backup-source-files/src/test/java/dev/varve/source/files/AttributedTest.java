package dev.varve.source.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Entry;
import dev.varve.EntryKind;
import dev.varve.EntryPath;
import dev.varve.source.EntryCursor;
import dev.varve.testkit.RecordingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class AttributedTest {

  private static final String LONG_NAME = "n".repeat(200);

  @TempDir Path directory;

  private final RecordingContext context = new RecordingContext();

  @Test
  void next_whatVanishedSinceItWasListed_isLeftOut_butDirectoriesStay() throws IOException {
    Path there = Files.writeString(directory.resolve("c"), "c");
    List<Entry> listed =
        List.of(
            entry(directory.resolve("a"), EntryKind.FILE),
            entry(directory.resolve("b"), EntryKind.DIRECTORY),
            entry(there, EntryKind.FILE),
            entry(directory.resolve("d"), EntryKind.SYMBOLIC_LINK));

    assertEquals(List.of(listed.get(1), listed.get(2)), shown(listed));
    assertEquals("", Sources.text(context));
  }

  @Test
  void next_namesLongerThanAFirstLookHasRoomFor_areAllKept() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "f");
    var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    for (int i = 0; i < 3; i++) {
      attributes.write(LONG_NAME + i, ByteBuffer.wrap(new byte[] {'x'}));
    }

    Entry kept = shown(List.of(entry(file, EntryKind.FILE))).get(0);

    assertEquals(
        IntStream.range(0, 3)
            .mapToObj(i -> "xattr.user." + LONG_NAME + i)
            .collect(Collectors.toSet()),
        kept.attributes().names());
    assertEquals(Optional.of("x"), kept.attributes().findText("xattr.user." + LONG_NAME + 2));
  }

  private List<Entry> shown(List<Entry> listed) throws IOException {
    List<Entry> shown = new ArrayList<>();
    try (Attributed entries =
        new Attributed(EntryCursor.of(listed), SystemCalls.find().orElseThrow(), context)) {
      for (var next = entries.next(); next.isPresent(); next = entries.next()) {
        shown.add(next.get());
      }
    }
    return shown;
  }

  private static Entry entry(Path path, EntryKind kind) {
    EntryPath name = EntryPath.of(path.toString().substring(1));
    EntryPath shown = kind == EntryKind.DIRECTORY ? name.asDirectory() : name;
    Entry.Builder entry = Entry.builder(shown, kind);
    if (kind == EntryKind.SYMBOLIC_LINK) {
      entry.linkTarget(EntryPath.of("x"));
    }
    return entry.build();
  }
}
