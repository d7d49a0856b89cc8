package dev.varve.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CollectingTargetTest extends TargetContractTest {

  final CollectingTarget place = new CollectingTarget();

  @Override
  protected Target target() {
    return place;
  }

  @Override
  protected SortedMap<EntryPath, byte[]> written() {
    TreeMap<EntryPath, byte[]> written = new TreeMap<>();
    place
        .collected()
        .forEach(
            (path, collected) -> {
              if (collected.entry().kind().hasContent()) {
                written.put(path, collected.bytes());
              }
            });
    return written;
  }

  @Override
  protected void obstruct(EntryPath path) {
    place.failAt(path.toString());
  }

  @Test
  void assertHolds_differentContent_fails() throws IOException {
    MemorySource tree = tree().link("link", "readme");
    place.restore(MemoryContents.of(tree), new RecordingContext());
    place.assertHolds(tree);

    tree.file("z", 10_000, 4);

    assertThrows(AssertionError.class, () -> place.assertHolds(tree));
  }

  @Test
  void assertHolds_missingEntry_fails() throws IOException {
    MemorySource tree = tree();
    place.refuse("z");
    place.restore(MemoryContents.of(tree), new RecordingContext());

    assertThrows(AssertionError.class, () -> place.assertHolds(tree));
  }

  @Test
  void misuses_piecesTwiceUnwantedOrIncomplete_areNoted() throws IOException {
    MemorySource tree = new MemorySource().file("a", "abc").file("b", "abc");
    Entry a = tree.entry("a");
    Entry b = tree.entry("b");
    place.refuse("b");
    place.restore(MemoryContents.of(tree).pieceBytes(3), new RecordingContext());
    assertEquals(List.of(), place.misuses());

    place.receive(a, 0, ByteBuffer.wrap(new byte[1]));
    place.receive(b, 0, ByteBuffer.wrap(new byte[1]));
    place.complete(b);

    assertEquals(
        List.of(
            "a: a piece came though it was not wanted, or after the end",
            "b: a piece came though it was not wanted, or after the end",
            "b: a piece came though it was not wanted, or after the end",
            "b: not all of it came"),
        place.misuses());
  }
}
