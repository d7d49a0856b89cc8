package dev.varve.source.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Writes a tar archive member by member: ustar headers, pax headers for what these cannot say. Used
 * by one thread.
 */
final class TarWriter {

  private static final int BLOCK_BYTES = TarHeader.BYTES;
  private static final int RECORD_BYTES = 20 * BLOCK_BYTES;
  private static final int NAME_BYTES = 100;
  private static final int OWNER_BYTES = 31;
  private static final long MOST_ID = 07777777;
  private static final long MOST_SECONDS = 077777777777L;

  private final OutputStream out;
  private long written;
  private long left;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Says something of the archive as a whole, or of the member before. */
  void note(Note note) throws IOException {
    extended('g', "pax_global_header".getBytes(StandardCharsets.US_ASCII), commented(note));
  }

  /** Begins a member, whose content, if any, must follow. */
  void begin(TarMember member) throws IOException {
    PaxRecords pax = pax(member);
    if (!pax.isEmpty()) {
      extended('x', member.name(), pax.encode());
    }
    boolean file = member.type() == TarMember.Type.FILE;
    left = file ? member.size() : 0;
    put(header(member.type().flag(), member, left));
  }

  /** More of the content. */
  void content(byte[] bytes, int offset, int length) throws IOException {
    if (length > left) {
      throw new IllegalStateException("More content than announced");
    }
    left -= length;
    out.write(bytes, offset, length);
    written += length;
    if (left == 0) {
      pad(BLOCK_BYTES);
    }
  }

  /** How much of the content is still to come. */
  long left() {
    return left;
  }

  /** Ends the archive; does not close the stream. */
  void finish() throws IOException {
    put(new byte[2 * BLOCK_BYTES]);
    pad(RECORD_BYTES);
  }

  private static PaxRecords pax(TarMember member) {
    PaxRecords pax = new PaxRecords();
    if (isLong(member.name(), NAME_BYTES)) {
      pax.with("path", member.name());
    }
    if (isLong(member.link(), NAME_BYTES)) {
      pax.with("linkpath", member.link());
    }
    if (!isText(member.name()) || !isText(member.link())) {
      pax.with("hdrcharset", "BINARY");
    }
    if (member.size() > MOST_SECONDS) {
      pax.with("size", Long.toString(member.size()));
    }
    if (member.uid() > MOST_ID) {
      pax.with("uid", Long.toString(member.uid()));
    }
    if (member.gid() > MOST_ID) {
      pax.with("gid", Long.toString(member.gid()));
    }
    if (isLong(bytes(member.user()), OWNER_BYTES)) {
      pax.with("uname", member.user());
    }
    if (isLong(bytes(member.group()), OWNER_BYTES)) {
      pax.with("gname", member.group());
    }
    if (!Times.isWhole(member.modified()) || seconds(member.modified()) < 0) {
      pax.with("mtime", Times.format(member.modified()));
    }
    member.changed().ifPresent(changed -> pax.with("ctime", Times.format(changed)));
    member.extended().forEach((name, value) -> pax.with("SCHILY.xattr." + name, value));
    member.note().ifPresent(note -> pax.with("comment", note.encode()));
    return pax;
  }

  private void extended(char flag, byte[] about, byte[] records) throws IOException {
    byte[] front = "PaxHeaders/".getBytes(StandardCharsets.US_ASCII);
    byte[] name = Arrays.copyOf(front, Math.min(NAME_BYTES, front.length + about.length));
    System.arraycopy(about, 0, name, front.length, name.length - front.length);
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] < ' ' ? (byte) '_' : name[i];
    }
    byte[] header = new byte[BLOCK_BYTES];
    System.arraycopy(name, 0, header, 0, name.length);
    numbers(header, 0644, 0, 0, records.length, 0);
    put(finished(header, (byte) flag));
    put(records);
    pad(BLOCK_BYTES);
  }

  private static byte[] header(byte flag, TarMember member, long size) {
    byte[] header = new byte[BLOCK_BYTES];
    put(header, 0, member.name(), NAME_BYTES);
    numbers(
        header,
        member.mode(),
        member.uid() > MOST_ID ? 0 : member.uid(),
        member.gid() > MOST_ID ? 0 : member.gid(),
        size,
        Math.max(0, seconds(member.modified())));
    put(header, 157, member.link(), NAME_BYTES);
    put(header, 265, bytes(member.user()), OWNER_BYTES);
    put(header, 297, bytes(member.group()), OWNER_BYTES);
    TarUtils.formatLongOctalOrBinaryBytes(member.deviceMajor(), header, 329, 8);
    TarUtils.formatLongOctalOrBinaryBytes(member.deviceMinor(), header, 337, 8);
    return finished(header, flag);
  }

  private static void numbers(
      byte[] header, int mode, long uid, long gid, long size, long modified) {
    TarUtils.formatLongOctalBytes(mode, header, 100, 8);
    TarUtils.formatLongOctalBytes(uid, header, 108, 8);
    TarUtils.formatLongOctalBytes(gid, header, 116, 8);
    TarUtils.formatLongOctalOrBinaryBytes(size, header, 124, 12);
    TarUtils.formatLongOctalBytes(modified, header, 136, 12);
  }

  private static byte[] finished(byte[] header, byte flag) {
    header[156] = flag;
    put(header, 257, new byte[] {'u', 's', 't', 'a', 'r', 0, '0', '0'}, 8);
    Arrays.fill(header, 148, 156, (byte) ' ');
    TarUtils.formatCheckSumOctalBytes(TarUtils.computeCheckSum(header), header, 148, 8);
    return header;
  }

  private static byte[] commented(Note note) {
    return new PaxRecords().with("comment", note.encode()).encode();
  }

  /** The seconds a header can hold; -1 where it cannot. */
  private static long seconds(Instant time) {
    long seconds = time.getEpochSecond();
    return seconds <= MOST_SECONDS ? Math.max(-1, seconds) : -1;
  }

  private static boolean isLong(byte[] text, int most) {
    if (text.length > most) {
      return true;
    }
    for (byte b : text) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isText(byte[] bytes) {
    return Arrays.equals(
        new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(byte[] header, int offset, byte[] text, int most) {
    System.arraycopy(text, 0, header, offset, Math.min(text.length, most));
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private void pad(int multiple) throws IOException {
    put(new byte[(int) ((multiple - written % multiple) % multiple)]);
  }
}
