package dev.varve.testkit;

/** The ways in which the content of an entry of a {@link MemorySource} can go wrong. */
public enum ContentFault {
  /** It is gone when it is opened: {@code NoSuchFileException}. */
  VANISHED,
  /** It cannot be opened: {@code AccessDeniedException}. */
  DENIED,
  /** Half of it can be read, then an {@code IOException}. */
  BREAKS,
  /** The whole source is lost when it is opened: {@code SourceLostException}. */
  SOURCE_LOST,
  /** Half of it can be read, then the whole source is lost. */
  SOURCE_LOST_WHILE_READING,
  /** It changes while it is read: its entry comes back without a revision. */
  CHANGES_WHILE_READING,
  /** It is twice as long as its entry says. */
  GROWS,
  /** It is half as long as its entry says. */
  SHRINKS,
  /** Half of it can be read, then reading blocks until another thread closes it. */
  BLOCKS
}
