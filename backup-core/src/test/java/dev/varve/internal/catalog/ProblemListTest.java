package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProblemListTest {

  private final MemoryChunks chunks = new MemoryChunks();

  @Property(tries = 50)
  void list_anyProblems_areReadAsAdded(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<Problem> problems = new ArrayList<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      Optional<EntryPath> path = Optional.of(Entries.any(random).path());
      problems.add(
          new Problem(random.nextInt(5) == 0 ? Optional.empty() : path, "cannot \u00f6ffnen " + i));
    }

    assertEquals(problems, ProblemList.read(chunks, write(problems)));
  }

  @Test
  void list_noProblems_needsNoChunk() throws Exception {
    assertEquals(ChunkList.EMPTY, write(List.of()));
    assertEquals(List.of(), ProblemList.read(chunks, ChunkList.EMPTY));
  }

  @Test
  void list_moreThanAreListed_saysHowManyMore() throws Exception {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < ProblemList.MAX_PROBLEMS + 5; i++) {
      problems.add(new Problem(Optional.of(EntryPath.of("srv/file-" + i)), "Permission denied"));
    }

    List<Problem> read = ProblemList.read(chunks, write(problems));

    assertEquals(
        problems.subList(0, ProblemList.MAX_PROBLEMS), read.subList(0, ProblemList.MAX_PROBLEMS));
    assertEquals("5 more problems are not listed", read.get(ProblemList.MAX_PROBLEMS).toString());
  }

  @Test
  void list_veryLongProblems_staysWithinBounds() throws Exception {
    List<Problem> problems = new ArrayList<>();
    EntryPath path = EntryPath.of("x".repeat(EntryPath.MAX_BYTES));
    for (int i = 0; i < 300; i++) {
      problems.add(new Problem(Optional.of(path), "\u20ac\ud83d\ude00".repeat(5_000 + i)));
    }

    ChunkList list = write(problems);
    List<Problem> read = ProblemList.read(chunks, list);

    assertTrue(list.refs().size() < 25, list.refs().size() + " chunks");
    assertTrue(read.get(0).message().endsWith("\u20ac\u2026"), "cut between characters");
    assertEquals(
        300 - (read.size() - 1) + " more problems are not listed",
        read.get(read.size() - 1).message());
  }

  @Test
  void read_anyBitFlippedOrTruncated_givesProblemsOrFormatException() throws Exception {
    ChunkList list =
        write(
            List.of(
                new Problem(Optional.of(EntryPath.of("a/b")), "Permission denied"),
                new Problem(Optional.empty(), "gone")));
    ChunkRef ref = list.refs().get(0);
    byte[] good = chunks.get(ChunkKind.CATALOG, ref);
    int refused = 0;
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit >> 3] ^= (byte) (1 << (bit & 7));
      refused += isRefused(list, ref, bad) ? 1 : 0;
    }
    for (int length = 0; length < good.length; length++) {
      refused += isRefused(list, ref, Arrays.copyOf(good, length)) ? 1 : 0;
    }
    assertTrue(refused > good.length, refused + " refused");
  }

  @Test
  void read_listTooLong_isRefusedUnread() {
    ChunkRef ref = new ChunkRef(Entries.ref(new Random(1)).id(), Chunks.MAX_BYTES);

    assertThrows(
        FormatException.class,
        () -> ProblemList.read(chunks, new ChunkList(0, List.of(ref, ref, ref, ref, ref))));
    assertThrows(
        FormatException.class, () -> ProblemList.read(chunks, new ChunkList(1, List.of(ref))));
    assertEquals(0, chunks.reads());
  }

  private boolean isRefused(ChunkList list, ChunkRef ref, byte[] bytes) throws IOException {
    chunks.replace(ChunkKind.CATALOG, ref, bytes);
    try {
      assertTrue(ProblemList.read(chunks, list).size() < 30);
      return false;
    } catch (FormatException e) {
      return true;
    }
  }

  private ChunkList write(List<Problem> problems) throws IOException {
    ProblemList list = new ProblemList(chunks);
    for (Problem problem : problems) {
      list.add(problem);
    }
    return list.finish();
  }
}
