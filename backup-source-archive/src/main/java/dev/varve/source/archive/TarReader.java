package dev.varve.source.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Reads a tar archive member by member: v7, ustar, GNU and pax, sparse files of all four kinds.
 * Names and values stay the bytes they are. Used by one thread at a time. Bounded: no header makes
 * it allocate more than some megabytes. Does not judge names: {@link TarNames} does.
 */
final class TarReader implements Closeable {

  static final int BLOCK_BYTES = 512;

  private static final long MOST_MEMBER_BYTES = 1L << 62;
  private static final int MOST_HEADER_BYTES = 4 << 20;
  private static final int MOST_DESCRIPTION_BYTES = 128 << 10;
  private static final int MOST_NAME_BYTES = 64 << 10;
  private static final String XATTR = "SCHILY.xattr.";

  private final TarInput in;
  private final Expansion expansion;
  private PaxRecords global = new PaxRecords();
  private Optional<Note> description = Optional.empty();
  private Optional<TarMember> ahead = Optional.empty();
  private boolean looked;
  private boolean brokenBefore;
  private long memberPosition;

  private long storedLeft;
  private long padding;
  private Optional<SparseMap> sparse = Optional.empty();
  private int stretch;
  private long at;
  private long size;

  TarReader(TarInput in, Expansion expansion) {
    this.in = in;
    this.expansion = expansion;
  }

  /** What Varve says of an archive that begins with these bytes, if it made it. */
  static Optional<Note> descriptionIn(InputStream beginning) throws IOException {
    TarInput in = new TarInput(beginning, 0);
    byte[] block = in.read(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES || block[156] != 'g' || !isHeader(block)) {
      return Optional.empty();
    }
    long length = number(block, 124, 12);
    byte[] records = in.read((int) Math.max(0, Math.min(length, MOST_DESCRIPTION_BYTES)));
    if (records.length != length) {
      return Optional.empty();
    }
    Optional<byte[]> comment = new PaxRecords().decode(records).find("comment");
    return comment.isPresent() ? Note.decode(comment.get()) : Optional.empty();
  }

  /** The next member; empty after the last, once the archive's end was seen. */
  Optional<TarMember> next() throws IOException {
    look();
    looked = false;
    return ahead;
  }

  /** Whether the member before the next is marked as not whole. */
  boolean brokenBefore() throws IOException {
    look();
    return brokenBefore;
  }

  /** Where the headers of the member shown last begin. */
  long memberPosition() {
    return memberPosition;
  }

  /** What Varve says of the archive as a whole, as far as that was met. */
  Optional<Note> description() {
    return description;
  }

  /** Some of the member's content, holes as zeros; -1 at its end. */
  int read(byte[] into, int offset, int length) throws IOException {
    if (looked || at == size) {
      return -1;
    }
    long most = Math.min(length, size - at);
    if (sparse.isPresent()) {
      SparseMap map = sparse.get();
      while (stretch < map.count() && map.offset(stretch) + map.length(stretch) <= at) {
        stretch++;
      }
      boolean inHole = stretch == map.count() || at < map.offset(stretch);
      if (inHole) {
        long end = stretch == map.count() ? size : map.offset(stretch);
        int count = (int) Math.min(most, end - at);
        expansion.unpacked(count);
        Arrays.fill(into, offset, offset + count, (byte) 0);
        at += count;
        return count;
      }
      most = Math.min(most, map.offset(stretch) + map.length(stretch) - at);
    }
    int count = in.read(into, offset, (int) Math.min(most, storedLeft));
    if (count < 0) {
      throw TarInput.truncated();
    }
    storedLeft -= count;
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void look() throws IOException {
    if (looked) {
      return;
    }
    in.skip(storedLeft + padding);
    storedLeft = 0;
    padding = 0;
    brokenBefore = false;
    ahead = parse();
    looked = true;
  }

  private Optional<TarMember> parse() throws IOException {
    PaxRecords own = new PaxRecords();
    Optional<byte[]> longName = Optional.empty();
    Optional<byte[]> longLink = Optional.empty();
    memberPosition = in.position();
    byte[] block = new byte[BLOCK_BYTES];
    while (true) {
      if (!in.readBlock(block)) {
        throw TarInput.truncated();
      }
      if (isZero(block)) {
        in.drain();
        return Optional.empty();
      }
      if (!isHeader(block)) {
        if (in.position() == BLOCK_BYTES) {
          throw new IOException(
              "It is no archive: neither tar, also compressed by gzip, zstd or bzip2, nor zip");
        }
        throw new IOException(
            "The archive is damaged: the header at " + (in.position() - BLOCK_BYTES) + " is wrong");
      }
      long headerSize = number(block, 124, 12);
      switch (block[156]) {
        case 'x', 'X' -> own.decode(header(headerSize, MOST_HEADER_BYTES));
        case 'g' -> global(header(headerSize, MOST_HEADER_BYTES));
        case 'L' -> longName = Optional.of(upToNul(header(headerSize, MOST_NAME_BYTES)));
        case 'K' -> longLink = Optional.of(upToNul(header(headerSize, MOST_NAME_BYTES)));
        case 'M' ->
            throw new IOException(
                "The archive is a later volume of several; join them by the program that made"
                    + " them");
        case 'V' -> skipContent(headerSize);
        default -> {
          return Optional.of(member(block, own, longName, longLink));
        }
      }
    }
  }

  private void global(byte[] bytes) throws IOException {
    PaxRecords records = new PaxRecords().decode(bytes);
    Optional<byte[]> comment = records.find("comment");
    Optional<Note> note = comment.isPresent() ? Note.decode(comment.get()) : Optional.empty();
    if (note.isEmpty()) {
      global.decode(bytes);
    } else if (note.get().has(Notes.BROKEN)) {
      brokenBefore = true;
    } else if (description.isEmpty()) {
      description = note;
    }
  }

  private TarMember member(
      byte[] block, PaxRecords own, Optional<byte[]> longName, Optional<byte[]> longLink)
      throws IOException {
    PaxRecords pax = new PaxRecords();
    global.all().forEach(pax::with);
    own.all().forEach(pax::with);
    byte[] name =
        pax.find("GNU.sparse.name")
            .or(() -> pax.find("path"))
            .or(() -> longName)
            .orElseGet(() -> ustarName(block));
    byte[] link = pax.find("linkpath").or(() -> longLink).orElseGet(() -> text(block, 157, 100));
    TarMember.Type type = type(block[156], name);
    long stored = paxNumber(pax, "size", number(block, 124, 12));
    if (stored < 0 || stored > MOST_MEMBER_BYTES) {
      throw new IOException("The archive is damaged: a member of " + stored + " bytes cannot be");
    }
    content(block, pax, type, stored, !own.isEmpty());
    Optional<byte[]> comment = own.find("comment");
    boolean ustar = block[257] == 'u' && block[258] == 's';
    return new TarMember(
        type,
        name,
        link,
        size,
        (int) number(block, 100, 8) & 07777,
        paxNumber(pax, "uid", number(block, 108, 8)),
        paxNumber(pax, "gid", number(block, 116, 8)),
        pax.findText("uname").orElseGet(() -> ustar ? utf8(text(block, 265, 32)) : ""),
        pax.findText("gname").orElseGet(() -> ustar ? utf8(text(block, 297, 32)) : ""),
        paxTime(pax, "mtime").orElse(Instant.ofEpochSecond(number(block, 136, 12))),
        paxTime(pax, "ctime"),
        ustar ? number(block, 329, 8) : 0,
        ustar ? number(block, 337, 8) : 0,
        extended(pax),
        comment.isPresent() ? Note.decode(comment.get()) : Optional.empty());
  }

  /** Makes ready to read the content: how much is stored, what of it are holes. */
  private void content(
      byte[] block, PaxRecords pax, TarMember.Type type, long stored, boolean isPax)
      throws IOException {
    sparse = Optional.empty();
    stretch = 0;
    at = 0;
    size = 0;
    storedLeft = 0;
    padding = 0;
    boolean hasContent = type == TarMember.Type.FILE || block[156] == 'D';
    if (!hasContent && !(type == TarMember.Type.HARD_LINK && isPax)) {
      return;
    }
    storedLeft = stored;
    padding = -stored & (BLOCK_BYTES - 1);
    if (type != TarMember.Type.FILE) {
      return;
    }
    size = stored;
    if (block[156] == 'S') {
      SparseMap map = gnuMap(block);
      size = number(block, 483, 12);
      sparse = Optional.of(map.checked(size, stored));
    } else if (pax.find("GNU.sparse.major").isPresent()
        || pax.find(PaxRecords.SPARSE_MAP).isPresent()
        || pax.find("GNU.sparse.size").isPresent()) {
      size = paxNumber(pax, "GNU.sparse.realsize", paxNumber(pax, "GNU.sparse.size", -1));
      SparseMap map =
          pax.findText(PaxRecords.SPARSE_MAP).isPresent()
              ? mapOf(pax.findText(PaxRecords.SPARSE_MAP).orElseThrow())
              : mapInContent();
      sparse = Optional.of(map.checked(size, storedLeft));
    }
  }

  /** Four stretches in the header, 21 in each block that follows while more are announced. */
  private SparseMap gnuMap(byte[] block) throws IOException {
    SparseMap map = new SparseMap();
    addStretches(map, block, 386, 4);
    boolean more = block[482] != 0;
    while (more) {
      byte[] extension = in.readExactly(BLOCK_BYTES);
      addStretches(map, extension, 0, 21);
      more = extension[504] != 0;
    }
    return map;
  }

  private static void addStretches(SparseMap map, byte[] block, int from, int most)
      throws IOException {
    for (int i = 0; i < most && block[from + 24 * i + 12] != 0; i++) {
      map.add(number(block, from + 24 * i, 12), number(block, from + 24 * i + 12, 12));
    }
  }

  private static SparseMap mapOf(String list) throws IOException {
    SparseMap map = new SparseMap();
    String[] numbers = list.split(",", -1);
    for (int i = 0; i + 1 < numbers.length; i += 2) {
      map.add(decimal(numbers[i]), decimal(numbers[i + 1]));
    }
    return map;
  }

  /** Decimal numbers, a line each, before the content, filled up to whole blocks. */
  private SparseMap mapInContent() throws IOException {
    SparseMap map = new SparseMap();
    long before = in.position();
    long count = line();
    for (long i = 0; i < count; i++) {
      map.add(line(), line());
    }
    long read = in.position() - before;
    long whole = read + (-read & (BLOCK_BYTES - 1));
    in.skip(whole - read);
    storedLeft -= whole;
    if (storedLeft < 0) {
      throw new IOException("The archive is damaged: the map of a sparse file is longer than it");
    }
    return map;
  }

  private long line() throws IOException {
    StringBuilder digits = new StringBuilder();
    byte[] one = new byte[1];
    while (digits.length() < 20) {
      if (in.read(one, 0, 1) < 0) {
        throw TarInput.truncated();
      }
      if (one[0] == '\n') {
        return decimal(digits.toString());
      }
      digits.append((char) (one[0] & 0xff));
    }
    throw new IOException("The archive is damaged: the map of a sparse file makes no sense");
  }

  private byte[] header(long length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException(
          "The archive is refused: a header of " + length + " bytes is longer than any can be");
    }
    byte[] bytes = in.readExactly((int) length);
    in.skip(-length & (BLOCK_BYTES - 1));
    return bytes;
  }

  private void skipContent(long length) throws IOException {
    in.skip(length + (-length & (BLOCK_BYTES - 1)));
  }

  private static TarMember.Type type(byte flag, byte[] name) {
    boolean slash = name.length > 0 && name[name.length - 1] == '/';
    return switch (flag) {
      case '1' -> TarMember.Type.HARD_LINK;
      case '2' -> TarMember.Type.SYMBOLIC_LINK;
      case '3' -> TarMember.Type.CHARACTER_DEVICE;
      case '4' -> TarMember.Type.BLOCK_DEVICE;
      case '5', 'D' -> TarMember.Type.DIRECTORY;
      case '6' -> TarMember.Type.FIFO;
      case 0, '0' -> slash ? TarMember.Type.DIRECTORY : TarMember.Type.FILE;
      // What nobody knows is to be taken for a file, says POSIX.
      default -> TarMember.Type.FILE;
    };
  }

  private static Map<String, byte[]> extended(PaxRecords pax) {
    Map<String, byte[]> extended = new TreeMap<>();
    pax.all()
        .forEach(
            (name, value) -> {
              if (name.startsWith(XATTR)) {
                extended.put(name.substring(XATTR.length()), value);
              }
            });
    return extended;
  }

  private static byte[] ustarName(byte[] block) {
    byte[] name = text(block, 0, 100);
    // GNU keeps other things where POSIX keeps the front of long names.
    boolean posix = block[257] == 'u' && block[258] == 's' && block[262] == 0;
    byte[] prefix = posix ? text(block, 345, 155) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    whole[prefix.length] = '/';
    System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
    return whole;
  }

  private static boolean isHeader(byte[] block) {
    try {
      return TarUtils.verifyCheckSum(block);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long number(byte[] block, int offset, int length) throws IOException {
    try {
      return TarUtils.parseOctalOrBinary(block, offset, length);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The archive is damaged: a header holds no number where one belongs", e);
    }
  }

  private static long paxNumber(PaxRecords pax, String name, long absent) throws IOException {
    Optional<String> text = pax.findText(name);
    return text.isPresent() ? decimal(text.get()) : absent;
  }

  private static long decimal(String text) throws IOException {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("The archive is damaged: '" + text + "' is no number", e);
    }
    throw new IOException("The archive is damaged: " + text + " is negative");
  }

  private static Optional<Instant> paxTime(PaxRecords pax, String name) throws IOException {
    Optional<String> text = pax.findText(name);
    return text.isEmpty() ? Optional.empty() : Optional.of(Times.parse(text.get()));
  }

  private static byte[] text(byte[] block, int offset, int length) {
    return upToNul(Arrays.copyOfRange(block, offset, offset + length));
  }

  private static byte[] upToNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
