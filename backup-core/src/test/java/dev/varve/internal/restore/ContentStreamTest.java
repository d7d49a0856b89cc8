package dev.varve.internal.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.catalog.ContentCursor;
import dev.varve.internal.catalog.ContentListWriter;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentStreamTest {

  private final Stock stock = new Stock();

  private ContentStream stream(ChunkList content) {
    return new ContentStream(new ContentCursor(stock, content), stock);
  }

  private ChunkList chunks(byte[]... contents) throws IOException {
    List<ChunkRef> refs = new ArrayList<>();
    for (byte[] content : contents) {
      refs.add(stock.loose(content));
    }
    return new ChunkList(0, refs);
  }

  @Test
  void read_byteByByte_givesEveryByteAndThenTheEnd() throws Exception {
    ContentStream in = stream(chunks(new byte[] {0, (byte) 0xff}, new byte[] {7}));
    assertEquals(0, in.available());
    assertEquals(0, in.read());
    assertEquals(1, in.available());
    assertEquals(0xff, in.read());
    assertEquals(0, in.available());
    assertEquals(7, in.read());
    for (int twice = 0; twice < 2; twice++) {
      assertEquals(-1, in.read());
      assertEquals(-1, in.read(new byte[1], 0, 1));
      assertEquals(0, in.read(new byte[1], 0, 0));
    }
  }

  @Test
  void read_anyLengths_givesTheContent() throws Exception {
    ChunkList content = chunks(Stock.bytes(1000, 1), Stock.bytes(1, 2), Stock.bytes(777, 3));
    byte[] expected = Arrays.copyOf(Stock.bytes(1000, 1), 1778);
    System.arraycopy(Stock.bytes(1, 2), 0, expected, 1000, 1);
    System.arraycopy(Stock.bytes(777, 3), 0, expected, 1001, 777);
    for (int length : new int[] {1, 2, 999, 1000, 1001, 5000}) {
      ContentStream in = stream(content);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] room = new byte[length + 3];
      for (int n = in.read(room, 2, length); n >= 0; n = in.read(room, 2, length)) {
        out.write(room, 2, n);
        assertEquals(0, room[0] | room[1] | room[length + 2], "outside of what was asked for");
      }
      assertArrayEquals(expected, out.toByteArray());
    }
  }

  @Test
  void read_intoNoRoom_isRefused() throws Exception {
    ContentStream in = stream(chunks(new byte[10]));
    assertThrows(IndexOutOfBoundsException.class, () -> in.read(new byte[5], 0, 6));
    assertThrows(IndexOutOfBoundsException.class, () -> in.read(new byte[5], -1, 2));
    assertEquals(0, in.read(new byte[5], 5, 0));
    assertEquals(0, in.available(), "nothing was fetched");
  }

  /** Whoever tries again must not get the bytes behind the loss in place of what was lost. */
  @Test
  void read_againAfterALostChunk_failsAgain() throws Exception {
    ChunkList content = chunks(new byte[] {1}, new byte[] {2}, new byte[] {3});
    stock.lose(content.refs().get(1));
    ContentStream in = stream(content);
    assertEquals(1, in.read());
    IOException first = assertThrows(IOException.class, in::read);
    assertSame(first, assertThrows(IOException.class, in::read));
    assertSame(first, assertThrows(IOException.class, () -> in.read(new byte[3], 0, 3)));
  }

  @Test
  void read_againAfterALostList_failsAgain() throws Exception {
    ContentListWriter lists = new ContentListWriter(stock);
    for (int i = 0; i < 300; i++) {
      lists.add(stock.loose(Stock.bytes(5, i)));
    }
    ChunkList content = lists.finish();
    assertTrue(content.depth() > 0, "a list of lists");
    stock.lose(content.refs().get(0));
    ContentStream in = stream(content);
    IOException first = assertThrows(IOException.class, in::read);
    assertSame(first, assertThrows(IOException.class, in::read));
  }
}
