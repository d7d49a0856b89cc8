package dev.varve.source.jdbc.internal.postgresql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.postgresql.copy.CopyOut;

/**
 * Rows as {@code COPY} writes them, as text, those with large values last. Used as {@link
 * SessionReading} says.
 */
final class CopyReading extends SessionReading {

  /** What SQL calls a connection that failed. */
  private static final String LOST = "08006";

  private final CopyOut copy;

  /** Where rows can be taken from without the driver, which takes each by itself. */
  private final Optional<MessageInput> messages;

  private final LargeRows large;
  private boolean copied;
  private long rows = -1;

  CopyReading(Session session, LargeRows large, Telling telling, End end) throws SQLException {
    super(
        "Rows",
        session,
        telling,
        well -> {
          session.messages().ifPresent(MessageInput::freely);
          end.ended(well);
        });
    this.messages = session.messages().filter(MessageInput::oneByOne);
    this.large = large;
    boolean begun = false;
    try {
      this.copy = session.driver().getCopyAPI().copyOut("COPY " + large.others() + " TO STDOUT");
      begun = true;
    } finally {
      if (!begun) {
        messages.ifPresent(MessageInput::freely);
      }
    }
  }

  /** Rows that the driver has not seen; what else the server says is the driver's. */
  @Override
  int direct(ByteBuffer into) throws SQLException {
    try {
      return copied || messages.isEmpty() ? 0 : messages.get().rows(into);
    } catch (IOException broken) {
      throw lost(broken);
    }
  }

  /** Nobody knows any more where a message begins. */
  private SQLException lost(IOException broken) {
    session().abort();
    return new SQLException("The connection broke: " + broken.getMessage(), LOST, broken);
  }

  @Override
  byte[] next() throws SQLException, IOException {
    if (!copied) {
      byte[] row = copy.readFromCopy();
      if (row != null) {
        return row;
      }
      copied = true;
      messages.ifPresent(MessageInput::freely);
    }
    byte[] piece = large.next();
    if (piece.length == 0) {
      rows = copy.getHandledRowCount() + large.count();
    }
    return piece;
  }

  @Override
  boolean drain() throws SQLException {
    if (messages.isPresent() && !copied) {
      try {
        messages.get().endRow();
      } catch (IOException broken) {
        throw lost(broken);
      }
    }
    boolean more = copy.isActive();
    while (more) {
      more = copy.readFromCopy() != null;
    }
    return !copied;
  }

  @Override
  public OptionalLong rows() {
    return rows < 0 ? OptionalLong.empty() : OptionalLong.of(rows);
  }
}
