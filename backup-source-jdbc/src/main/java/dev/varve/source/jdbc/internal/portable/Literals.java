package dev.varve.source.jdbc.internal.portable;

import dev.varve.source.jdbc.internal.dialect.EscapedOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes values as they stand in a statement. Used by one thread. */
final class Literals {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Product product;
  private final OutputStream out;

  Literals(Product product, OutputStream out) {
    this.product = product;
    this.out = out;
  }

  void write(ColumnType type, RowDecoder row, int field) throws IOException {
    if (row.isNull(field)) {
      ascii("NULL");
      return;
    }
    try {
      switch (type.kind()) {
        case BINARY -> binary(row, field, 0);
        case ANY -> any(row, field);
        case SMALLINT, INTEGER, BIGINT -> ascii(Long.toString(Long.parseLong(row.text(field))));
        case BOOLEAN -> ascii(row.text(field).equals("true") ? "TRUE" : "FALSE");
        case DECIMAL -> decimal(row.text(field));
        case REAL, DOUBLE -> fraction(Double.parseDouble(row.text(field)), row.text(field));
        case JSON -> {
          ascii(product == Product.H2 ? "JSON " : "");
          text(row.text(field));
        }
        case ARRAY -> array(type, row.text(field));
        case TIMESTAMP -> text(row.text(field).replace('T', ' '));
        default -> text(row.text(field));
      }
    } catch (NumberFormatException notOne) {
      throw new IOException("Row " + row.count() + " has no " + type + ": " + notOne, notOne);
    }
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void decimal(String text) throws IOException {
    if (text.equals("NaN") || text.endsWith("Infinity")) {
      text(text);
    } else if (product == Product.SQLITE) {
      // A number without quotes is a binary fraction before it is anything else.
      text(new BigDecimal(text).toPlainString());
    } else {
      ascii(new BigDecimal(text).toString());
    }
  }

  private void fraction(double value, String text) throws IOException {
    if (Double.isFinite(value)) {
      ascii(text);
    } else if (product == Product.SQLITE && !Double.isNaN(value)) {
      ascii(value > 0 ? "9e999" : "-9e999");
    } else {
      text(text);
    }
  }

  private void any(RowDecoder row, int field) throws IOException {
    byte sort = row.isSpooled(field) ? (byte) row.spool().open(field).read() : row.bytes(field)[0];
    if (sort == 'b') {
      binary(row, field, 1);
      return;
    }
    if (sort == 'x') {
      ascii("CAST(");
      binary(row, field, 1);
      ascii(" AS TEXT)");
      return;
    }
    String text = row.text(field).substring(1);
    switch (sort) {
      case 'i' -> ascii(Long.toString(Long.parseLong(text)));
      case 'r' -> fraction(Double.parseDouble(text), text);
      default -> text(text);
    }
  }

  private void binary(RowDecoder row, int field, int skipped) throws IOException {
    ascii(product == Product.POSTGRESQL ? "'\\x" : "X'");
    if (row.isSpooled(field)) {
      InputStream in = row.spool().open(field);
      in.skipNBytes(skipped);
      byte[] piece = new byte[16 << 10];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        hex(piece, 0, count);
      }
    } else {
      byte[] bytes = row.bytes(field);
      hex(bytes, skipped, bytes.length);
    }
    ascii("'");
  }

  private void hex(byte[] bytes, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      out.write(HEX[bytes[i] >> 4 & 15]);
      out.write(HEX[bytes[i] & 15]);
    }
  }

  /** Text; what a script cannot hold as it is stands by its number where there is a way. */
  private void text(String text) throws IOException {
    boolean odd = text.indexOf('\0') >= 0 || hasLoneSurrogate(text);
    if (odd && product == Product.SQLITE) {
      ascii("CAST(X'");
      byte[] escaped = EscapedOutput.plain(text);
      hex(escaped, 0, escaped.length);
      ascii("' AS TEXT)");
      return;
    }
    if (odd && product == Product.H2) {
      ascii("U&");
    } else if (odd) {
      throw new IOException("A text holds NUL or half a character, which no script can");
    }
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('\'');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || (c == '\\' && (odd || product == Product.MARIADB))) {
        quoted.append(c).append(c);
      } else if (odd && (c == 0 || Character.isSurrogate(c))) {
        quoted.append(String.format("\\%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    out.write(quoted.append('\'').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private void array(ColumnType type, String text) throws IOException {
    if (!product.hasArrays()) {
      text(text);
      return;
    }
    elements(ArrayText.parse(text, element -> element));
    if (product == Product.POSTGRESQL) {
      ascii("::" + product.elementType(type) + "[]");
    }
  }

  private void elements(@Nullable Object[] array) throws IOException {
    ascii("ARRAY[");
    for (int i = 0; i < array.length; i++) {
      ascii(i == 0 ? "" : ", ");
      Object element = array[i];
      if (element == null) {
        ascii("NULL");
      } else if (element instanceof @Nullable Object[] nested) {
        elements(nested);
      } else {
        text(element.toString());
      }
    }
    ascii("]");
  }
}
