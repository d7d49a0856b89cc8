package dev.varve.source.jdbc.internal.postgresql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where messages of a server begin, however they come. */
class MessageInputTest {

  private static final byte[] WELCOME = message('R', "\0\0\0\0");

  @Test
  void rows_betweenOtherMessages_areTakenAndTheRestIsTheDrivers() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      ByteArrayOutputStream others = new ByteArrayOutputStream();
      for (int i = 0; i < 200; i++) {
        String content = "x".repeat(random.nextInt(random.nextInt(40) == 0 ? 200_000 : 30));
        boolean row = random.nextInt(10) > 0;
        byte[] message = message(row ? 'd' : "SNCcZ".charAt(random.nextInt(5)), content);
        sent.writeBytes(message);
        (row ? rows : others).writeBytes(row ? content.getBytes(StandardCharsets.UTF_8) : message);
      }
      MessageInput input = welcomed(seed, sent.toByteArray());

      assertTrue(input.oneByOne());
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      ByteArrayOutputStream left = new ByteArrayOutputStream();
      ByteBuffer room = room(1 + random.nextInt(50_000), random);
      byte[] seen = new byte[room.remaining()];
      while (true) {
        int count = input.rows(room);
        assertEquals(count, room.flip().remaining());
        room.get(seen, 0, count).clear();
        taken.write(seen, 0, count);
        if (count == 0) {
          byte[] driver = oneMessage(input);
          left.writeBytes(driver);
          if (driver.length == 0) {
            break;
          }
        }
      }

      // A row without content is nothing, and the driver has not seen it either.
      assertArrayEquals(rows.toByteArray(), taken.toByteArray(), "seed " + seed);
      assertArrayEquals(others.toByteArray(), left.toByteArray(), "seed " + seed);
    }
  }

  @Test
  void oneByOne_driverHoldsAPartOfAMessage_isRefused() throws IOException {
    MessageInput input = welcomed(1, message('S', "half"));
    assertEquals('S', input.read());

    assertFalse(input.oneByOne());
    assertArrayEquals("\0\0\0\10half".getBytes(StandardCharsets.UTF_8), input.readAllBytes());
  }

  @Test
  void oneByOne_encryptionRefusedBefore_isPossible() throws IOException {
    MessageInput input = new MessageInput(new ByteArrayInputStream(bytes("NN", WELCOME)));
    assertArrayEquals(bytes("NN", WELCOME), input.readNBytes(2 + WELCOME.length));

    assertTrue(input.oneByOne());
  }

  @Test
  void oneByOne_encrypted_isNotPossible() throws IOException {
    MessageInput input = new MessageInput(new ByteArrayInputStream(bytes("NS", WELCOME)));
    assertArrayEquals(bytes("NS", WELCOME), input.readAllBytes());

    assertFalse(input.oneByOne());
  }

  @Test
  void oneByOne_nothingCameYet_isNotPossible() {
    assertFalse(new MessageInput(InputStream.nullInputStream()).oneByOne());
  }

  @Test
  void endRow_rowTakenInPart_leavesTheNextMessageToTheDriver() throws IOException {
    byte[] next = message('E', "broken off");
    MessageInput input = welcomed(2, bytes("", message('d', "x".repeat(100_000)), next));
    assertTrue(input.oneByOne());
    assertEquals(10, input.rows(ByteBuffer.allocate(10)));

    input.endRow();

    assertArrayEquals(next, oneMessage(input));
  }

  @Test
  void rows_endInTheMiddleOfARow_fails() throws IOException {
    byte[] row = message('d', "cut off");
    MessageInput input = welcomed(3, java.util.Arrays.copyOf(row, row.length - 2));
    assertTrue(input.oneByOne());

    assertThrows(EOFException.class, () -> input.rows(ByteBuffer.allocate(100)));
  }

  @Test
  void rows_lengthThatCannotBe_fails() throws IOException {
    MessageInput input = welcomed(4, new byte[] {'d', 0, 0, 0, 3, 1, 2, 3});
    assertTrue(input.oneByOne());

    assertThrows(IOException.class, () -> input.rows(ByteBuffer.allocate(100)));
  }

  /** Room within an array, at its beginning or not, or outside of any. */
  private static ByteBuffer room(int bytes, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> ByteBuffer.allocate(bytes);
      case 1 -> ByteBuffer.allocate(bytes + 7).slice(5, bytes);
      default -> ByteBuffer.allocateDirect(bytes);
    };
  }

  /** An input whose first message was read. */
  private static MessageInput welcomed(long seed, byte[] sent) throws IOException {
    MessageInput input = new MessageInput(inPieces(bytes("", WELCOME, sent), seed));
    assertArrayEquals(WELCOME, input.readNBytes(WELCOME.length));
    return input;
  }

  /** Reads as a driver does: the header, then the content; what is asked for may come in pieces. */
  private static byte[] oneMessage(MessageInput input) throws IOException {
    byte[] header = new byte[8192];
    int count = input.read(header, 0, header.length);
    if (count < 0) {
      return new byte[0];
    }
    while (count < 5) {
      count += input.read(header, count, header.length - count);
    }
    assertEquals(5, count, "no more than the header");
    int length = ByteBuffer.wrap(header, 1, 4).getInt() - 4;
    return bytes("", java.util.Arrays.copyOf(header, 5), input.readNBytes(length));
  }

  private static byte[] message(char type, String content) {
    return ByteBuffer.allocate(5 + content.length())
        .put((byte) type)
        .putInt(4 + content.length())
        .put(content.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  private static byte[] bytes(String before, byte[]... arrays) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
    for (byte[] array : arrays) {
      all.writeBytes(array);
    }
    return all.toByteArray();
  }

  /** Gives some bytes at a time, as a network does. */
  private static InputStream inPieces(byte[] bytes, long seed) {
    Random random = new Random(seed);
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        int most = random.nextBoolean() ? 1 + random.nextInt(10) : 1 + random.nextInt(70_000);
        return super.read(into, offset, Math.min(length, most));
      }
    };
  }
}
