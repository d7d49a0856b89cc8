package dev.varve.source.jdbc.internal.portable;

/** What sort of value a column of a rows content holds. The names are written, for ever. */
public enum Kind {
  /** {@code true} or {@code false}. */
  BOOLEAN,
  /** A whole number of 16 bits. */
  SMALLINT,
  /** A whole number of 32 bits. */
  INTEGER,
  /** A whole number of 64 bits. */
  BIGINT,
  /**
   * A decimal number, all digits kept; {@code NaN} and the infinities where a database has them.
   */
  DECIMAL,
  /** A binary fraction of 32 bits, in the shortest form that gives it back. */
  REAL,
  /** A binary fraction of 64 bits, in the shortest form that gives it back. */
  DOUBLE,
  /** Text of a fixed length. */
  CHAR,
  /** Text. */
  TEXT,
  /** Bytes as they are. */
  BINARY,
  /** {@code 2026-11-20}, {@code infinity} or {@code -infinity}. */
  DATE,
  /** {@code 17:30:00.123456}. */
  TIME,
  /** {@code 17:30:00.123456+01:00}. */
  TIMETZ,
  /** {@code 2026-11-20T17:30:00.123456}, {@code infinity} or {@code -infinity}. */
  TIMESTAMP,
  /** {@code 2026-11-20T17:30:00.123456+01:00}, {@code infinity} or {@code -infinity}. */
  TIMESTAMPTZ,
  /** A duration as the database writes it. */
  INTERVAL,
  /** A UUID as usual. */
  UUID,
  /** JSON. */
  JSON,
  /** XML. */
  XML,
  /** Bits as {@code 0} and {@code 1}. */
  BITS,
  /** A JSON array of texts, nulls and arrays. */
  ARRAY,
  /** Text as the database writes a type that only it knows. */
  OTHER,
  /**
   * A value with a sort of its own, said by its first byte: {@code i} whole number, {@code r}
   * fraction, {@code t} text, {@code b} bytes, {@code x} text that is no UTF-8.
   */
  ANY
}
