package dev.varve.internal.catalog;

/** Which optional parts of an entry follow; the common ones fit into a varint of one byte. */
final class EntryFlags {

  static final int MODIFIED = 1;
  static final int REVISION = 1 << 1;
  static final int CONTENT = 1 << 2;
  static final int POSIX = 1 << 3;
  static final int CHANGED = 1 << 4;
  static final int OWNER = 1 << 5;
  static final int SIZE = 1 << 6;
  static final int USER = 1 << 7;
  static final int GROUP = 1 << 8;
  static final int HARD_LINK = 1 << 9;
  static final int ATTRIBUTES = 1 << 10;
  static final int PROBLEM = 1 << 11;

  static final int ALL = (1 << 12) - 1;

  private EntryFlags() {}
}
