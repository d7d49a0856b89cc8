package dev.varve.internal.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.internal.format.ChunkId;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrefixIdsTest {

  private static final int OFFSET = 100;
  private static final int[] LENGTHS = {50, 300, 301, 700};

  private final RepositoryKeys keys = RepositoryKeys.ofRoot(Known.bytes(32, 1));
  private final byte[] bytes = Known.bytes(1000, 2);

  private ChunkId id(int length) throws AbsentKeyException {
    return new ChunkIds(keys).id(ChunkKind.DATA, bytes, OFFSET, length);
  }

  @Test
  void find_aWantedLength_isFoundAgainAndAgain() throws Exception {
    PrefixIds ids = new PrefixIds(keys, ChunkKind.DATA);
    for (int length : LENGTHS) {
      assertEquals(
          Optional.of(new ChunkRef(id(length), length)),
          ids.find(bytes, OFFSET, 1000, LENGTHS, id(length)::equals));
    }
  }

  @Test
  void find_nothingWanted_triesEveryLengthUpToTheEndInOrder() throws Exception {
    PrefixIds ids = new PrefixIds(keys, ChunkKind.DATA);
    for (int twice = 0; twice < 2; twice++) {
      List<ChunkId> tried = new ArrayList<>();
      assertEquals(
          Optional.empty(),
          ids.find(
              bytes,
              OFFSET,
              OFFSET + 300,
              LENGTHS,
              id -> {
                tried.add(id);
                return false;
              }));
      assertEquals(List.of(id(50), id(300)), tried);
    }
  }

  @Test
  void find_aChunkOfAnotherKind_isNotFound() throws Exception {
    ChunkId listed = new ChunkIds(keys).id(ChunkKind.LIST, bytes, OFFSET, 300);
    assertEquals(
        Optional.empty(),
        new PrefixIds(keys, ChunkKind.DATA).find(bytes, OFFSET, 1000, LENGTHS, listed::equals));
    assertEquals(
        Optional.of(new ChunkRef(listed, 300)),
        new PrefixIds(keys, ChunkKind.LIST).find(bytes, OFFSET, 1000, LENGTHS, listed::equals));
  }
}
