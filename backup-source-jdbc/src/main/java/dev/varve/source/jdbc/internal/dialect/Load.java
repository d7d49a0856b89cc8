package dev.varve.source.jdbc.internal.dialect;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * A dump while it is loaded into a database. The frame takes the selected steps of a plan phase by
 * phase: those of {@link Phase#ROWS} and {@link Phase#KEY} from several threads at once, the others
 * by one, in order.
 *
 * <p>Closed without {@link #commit} it leaves what was there as it was.
 */
public interface Load extends Closeable {

  /** How many steps may be taken at once where order does not matter; 1 keeps the plan's order. */
  int parallelSteps();

  /**
   * Takes one step.
   *
   * @param content the content the step had when it was dumped; verified, read once, to its end
   * @param rows how many rows were dumped, where the content holds rows
   * @throws IOException if it fails, naming the step and, where the database tells it, the row; the
   *     load is then given up
   */
  void take(Step step, InputStream content, OptionalLong rows) throws IOException;

  /**
   * Every step was taken: counts are compared, what was loaded beside goes into its place,
   * statistics are refreshed.
   *
   * @throws IOException if that fails; what was there is as it was
   */
  void commit() throws IOException;

  /**
   * The work is cancelled, told by another thread, perhaps more than once: what blocks must throw
   * soon. Contents already do.
   */
  default void cancel() {}

  /** Lets go of everything; without {@link #commit} it removes what it made. */
  @Override
  void close() throws IOException;
}
