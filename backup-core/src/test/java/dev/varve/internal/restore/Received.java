package dev.varve.internal.restore;

import dev.varve.Entry;
import dev.varve.Hole;
import dev.varve.target.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Notes what was received, in order. One thread. */
final class Received implements Receiver {

  final List<String> notes = new ArrayList<>();

  static String piece(String path, long offset, byte[] bytes) {
    return path + " @" + offset + " " + HexFormat.of().formatHex(bytes);
  }

  static String hole(String path, long offset, long length, String reason) {
    return path + " -" + offset + "+" + length + " " + reason;
  }

  static String complete(String path) {
    return path + " complete";
  }

  @Override
  public void receive(Entry entry, long offset, ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    notes.add(piece(entry.path().toString(), offset, bytes));
  }

  @Override
  public void missing(Entry entry, Hole hole) {
    notes.add(hole(hole.path().toString(), hole.offset(), hole.length(), hole.reason()));
  }

  @Override
  public void complete(Entry entry) {
    notes.add(complete(entry.path().toString()));
  }
}
