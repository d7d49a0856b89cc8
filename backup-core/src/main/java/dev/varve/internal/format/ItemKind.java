package dev.varve.internal.format;

/**
 * What a stored item is. Every item but {@code config} begins with a header of {@value
 * #HEADER_BYTES} bytes: {@code VRVE}, the kind's letter, the format version.
 */
public enum ItemKind {
  /** {@code keys/…}: a wrapped set of keys. */
  KEY_SLOT('K'),
  /** {@code log/…}: a commit record. */
  LOG_SLOT('L'),
  /** {@code checkpoints/…}: the folded state up to a record. */
  CHECKPOINT('P'),
  /** {@code packs/…}: blocks of content. */
  DATA_PACK('D'),
  /** {@code packs/…}: blocks of catalogs and chunk lists. */
  CATALOG_PACK('C'),
  /** {@code index/…}: which chunk is where. */
  RUN('I'),
  /** {@code locks/…}: who is doing what. */
  LOCK('O');

  /** The length of the header every item begins with. */
  public static final int HEADER_BYTES = 6;

  /** The format version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  private final char letter;

  ItemKind(char letter) {
    this.letter = letter;
  }

  /** The letter that stands for it. */
  public char letter() {
    return letter;
  }

  /** Writes the header. */
  public void writeHeader(Encoder out) {
    out.raw(new byte[] {'V', 'R', 'V', 'E', (byte) letter, VERSION});
  }

  /**
   * Reads the header and checks that it is of this kind.
   *
   * @throws NewerFormatException if it is of a version this code does not know
   */
  public void readHeader(Decoder in) throws FormatException {
    byte[] header = in.raw(HEADER_BYTES);
    if (header[0] != 'V' || header[1] != 'R' || header[2] != 'V' || header[3] != 'E') {
      throw new FormatException("It does not begin like an item of a Varve repository");
    }
    if (header[4] != letter) {
      throw new FormatException("It is of kind '" + (char) header[4] + "', not '" + letter + "'");
    }
    if (header[5] != VERSION) {
      throw new NewerFormatException(header[5] & 0xff);
    }
  }
}
