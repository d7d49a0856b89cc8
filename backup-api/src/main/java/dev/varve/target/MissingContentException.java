package dev.varve.target;

import dev.varve.Hole;
import java.io.IOException;

/** A piece of an entry's content has no readable copy; other entries may be whole. */
public final class MissingContentException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Hole hole;

  /** Says which piece is missing. */
  public MissingContentException(Hole hole) {
    super(
        hole.length()
            + " bytes at "
            + hole.offset()
            + " of "
            + hole.path()
            + " could not be read: "
            + hole.reason());
    this.hole = hole;
  }

  /** The first piece that is missing; there may be more behind it. */
  public Hole hole() {
    return hole;
  }
}
