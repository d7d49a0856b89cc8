package dev.varve.source.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads a tar archive member by member: v7, ustar, GNU and pax, sparse files of all four kinds.
 * Names and values stay the bytes they are. Used by one thread at a time. Bounded: no header makes
 * it allocate more than some megabytes. Does not judge names: {@link TarNames} does.
 */
final class TarReader implements Closeable {

  private static final long MOST_MEMBER_BYTES = 1L << 62;
  private static final int MOST_HEADER_BYTES = 4 << 20;
  private static final int MOST_DESCRIPTION_BYTES = 128 << 10;
  private static final int MOST_NAME_BYTES = 64 << 10;

  private final TarInput in;
  private final Expansion expansion;
  private PaxRecords global = new PaxRecords();
  private Optional<Note> description = Optional.empty();
  private Optional<TarMember> ahead = Optional.empty();
  private boolean looked;
  private boolean brokenBefore;
  private long memberPosition;

  private TarContent content;

  TarReader(TarInput in, Expansion expansion) {
    this.in = in;
    this.expansion = expansion;
    this.content = new TarContent(in, expansion, Optional.empty(), 0, 0, 0);
  }

  /** What Varve says of an archive that begins with these bytes, if it made it. */
  static Optional<Note> descriptionIn(InputStream beginning) throws IOException {
    TarInput in = new TarInput(beginning, 0);
    byte[] block = in.read(TarHeader.BYTES);
    TarHeader header = new TarHeader(block);
    if (block.length < TarHeader.BYTES || header.flag() != 'g' || !header.isSound()) {
      return Optional.empty();
    }
    long length = header.size();
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
    return looked ? -1 : content.read(into, offset, length);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void look() throws IOException {
    if (looked) {
      return;
    }
    content.skip();
    brokenBefore = false;
    ahead = parse();
    looked = true;
  }

  private Optional<TarMember> parse() throws IOException {
    PaxRecords own = new PaxRecords();
    Optional<byte[]> longName = Optional.empty();
    Optional<byte[]> longLink = Optional.empty();
    memberPosition = in.position();
    byte[] block = new byte[TarHeader.BYTES];
    while (true) {
      if (!in.readBlock(block)) {
        throw TarInput.truncated();
      }
      TarHeader header = new TarHeader(block);
      if (header.isZero()) {
        in.drain();
        return Optional.empty();
      }
      if (!header.isSound()) {
        if (in.position() == TarHeader.BYTES) {
          throw new IOException(
              "It is no archive: neither tar, also compressed by gzip, zstd or bzip2, nor zip");
        }
        throw new IOException(
            "The archive is damaged: the header at "
                + (in.position() - TarHeader.BYTES)
                + " is wrong");
      }
      long bytes = header.size();
      switch (header.flag()) {
        case 'x', 'X' -> own.decode(extension(bytes, MOST_HEADER_BYTES));
        case 'g' -> global(extension(bytes, MOST_HEADER_BYTES));
        case 'L' -> longName = Optional.of(TarHeader.upToNul(extension(bytes, MOST_NAME_BYTES)));
        case 'K' -> longLink = Optional.of(TarHeader.upToNul(extension(bytes, MOST_NAME_BYTES)));
        case 'M' ->
            throw new IOException(
                "The archive is a later volume of several; join them by the program that made"
                    + " them");
        case 'V' -> in.skip(bytes + padding(bytes));
        default -> {
          return Optional.of(member(header, own, longName, longLink));
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
      TarHeader header, PaxRecords own, Optional<byte[]> longName, Optional<byte[]> longLink)
      throws IOException {
    PaxRecords pax = new PaxRecords();
    global.all().forEach(pax::with);
    own.all().forEach(pax::with);
    byte[] name =
        pax.find("GNU.sparse.name")
            .or(() -> pax.find("path"))
            .or(() -> longName)
            .orElseGet(header::name);
    byte[] link = pax.find("linkpath").or(() -> longLink).orElseGet(header::link);
    TarMember.Type type = header.type(name);
    long stored = pax.number("size", header.size());
    if (stored < 0 || stored > MOST_MEMBER_BYTES) {
      throw new IOException("The archive is damaged: a member of " + stored + " bytes cannot be");
    }
    content = content(header, pax, type, stored, !own.isEmpty());
    Optional<byte[]> comment = own.find("comment");
    return new TarMember(
        type,
        name,
        link,
        content.size(),
        header.mode(),
        pax.number("uid", header.uid()),
        pax.number("gid", header.gid()),
        pax.findText("uname").orElseGet(header::user),
        pax.findText("gname").orElseGet(header::group),
        pax.findTime("mtime").orElse(header.modified()),
        pax.findTime("ctime"),
        header.deviceMajor(),
        header.deviceMinor(),
        pax.extendedAttributes(),
        comment.isPresent() ? Note.decode(comment.get()) : Optional.empty());
  }

  /** Makes ready to read the content: how much is stored, what of it are holes. */
  private TarContent content(
      TarHeader header, PaxRecords pax, TarMember.Type type, long stored, boolean isPax)
      throws IOException {
    boolean hasContent = type == TarMember.Type.FILE || header.flag() == 'D';
    if (!hasContent && !(type == TarMember.Type.HARD_LINK && isPax)) {
      return content(Optional.empty(), 0, 0);
    }
    if (type != TarMember.Type.FILE) {
      return content(Optional.empty(), 0, stored);
    }
    if (header.flag() == 'S') {
      SparseMap map = header.sparseMap(in);
      return content(Optional.of(map), header.sparseSize(), stored);
    }
    if (pax.find("GNU.sparse.major").isPresent()
        || pax.find(PaxRecords.SPARSE_MAP).isPresent()
        || pax.find("GNU.sparse.size").isPresent()) {
      long size = pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", -1));
      Optional<SparseMap> known = pax.findSparseMap();
      long before = in.position();
      SparseMap map = known.isPresent() ? known.get() : mapInContent(stored);
      return content(Optional.of(map), size, stored - (in.position() - before));
    }
    return content(Optional.empty(), stored, stored);
  }

  private TarContent content(Optional<SparseMap> sparse, long size, long stored)
      throws IOException {
    if (sparse.isPresent()) {
      sparse.get().check(size, stored);
    }
    return new TarContent(in, expansion, sparse, size, stored, padding(stored));
  }

  /** Decimal numbers, a line each, before the content, filled up to whole blocks. */
  private SparseMap mapInContent(long stored) throws IOException {
    SparseMap map = new SparseMap();
    long before = in.position();
    long count = line();
    for (long i = 0; i < count; i++) {
      map.add(line(), line());
    }
    in.skip(padding(in.position() - before));
    if (in.position() - before > stored) {
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
        return PaxRecords.number(digits.toString());
      }
      digits.append((char) (one[0] & 0xff));
    }
    throw new IOException("The archive is damaged: the map of a sparse file makes no sense");
  }

  private byte[] extension(long length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException(
          "The archive is refused: a header of " + length + " bytes is longer than any can be");
    }
    byte[] bytes = in.readExactly((int) length);
    in.skip(padding(length));
    return bytes;
  }

  /** How many bytes are missing to whole blocks. */
  private static long padding(long length) {
    return -length & (TarHeader.BYTES - 1);
  }
}
