package dev.varve.internal.catalog;

import dev.varve.EntryPath;
import dev.varve.Problem;
import dev.varve.internal.chunkstore.ChunkSink;
import dev.varve.internal.chunkstore.ChunkSource;
import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.ChunkList;
import dev.varve.internal.format.ChunkRef;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the problems of a snapshot as chunks. Used by one thread. Lists the first {@value
 * #MAX_PROBLEMS}, or as many as fit into {@value #MAX_BYTES} bytes; how many more there were is
 * said by one problem more.
 *
 * <p>A chunk of problems is of kind CATALOG: the byte 0x50, then at least one problem, up to the
 * chunk's end. A problem is: varint length of its path, 0 if it is about none, and the path's
 * bytes; varint length, at most {@value #MAX_MESSAGE_BYTES}, and UTF-8 of the message. The list of
 * these chunks has depth 0.
 */
public final class ProblemList {

  /** How many problems are listed. */
  public static final int MAX_PROBLEMS = 10_000;

  static final int MAX_BYTES = 4 << 20;
  static final int MAX_MESSAGE_BYTES = 8 << 10;
  private static final int CHUNK_BYTES = 256 << 10;

  private final ChunkSink sink;
  private final Encoder out = new Encoder(1 << 10);
  private final List<ChunkRef> chunks = new ArrayList<>();
  private int listed;
  private long unlisted;
  private long bytes;

  /** Collects problems and stores them into {@code sink}. */
  public ProblemList(ChunkSink sink) {
    this.sink = sink;
  }

  /** Adds a problem; the end of a very long message is lost. */
  public void add(Problem problem) throws IOException {
    if (listed == MAX_PROBLEMS || bytes >= MAX_BYTES) {
      unlisted++;
      return;
    }
    listed++;
    append(problem);
  }

  /** The list, {@link ChunkList#EMPTY} if there were no problems. Ends the collecting. */
  public ChunkList finish() throws IOException {
    if (unlisted > 0) {
      append(new Problem(Optional.empty(), unlisted + " more problems are not listed"));
    }
    if (out.length() > 0) {
      cut();
    }
    return new ChunkList(0, chunks);
  }

  private void append(Problem problem) throws IOException {
    int before = out.length();
    if (before == 0) {
      out.u8(Chunks.PROBLEMS);
    }
    out.bytes(problem.path().map(EntryPath::bytes).orElseGet(() -> new byte[0]));
    out.text(shortened(problem.message()));
    bytes += out.length() - before;
    if (out.length() >= CHUNK_BYTES) {
      cut();
    }
  }

  private void cut() throws IOException {
    chunks.add(sink.put(ChunkKind.CATALOG, out.array(), 0, out.length()));
    out.clear();
  }

  private static String shortened(String message) {
    // A char takes at most three bytes.
    int most = MAX_MESSAGE_BYTES / 3 - 1;
    if (message.length() <= most) {
      return message;
    }
    int end = Character.isHighSurrogate(message.charAt(most - 1)) ? most - 1 : most;
    return message.substring(0, end) + "\u2026";
  }

  /** All problems of such a list, in the order they were added. */
  public static List<Problem> read(ChunkSource source, ChunkList list) throws IOException {
    long length = list.refs().stream().mapToLong(ChunkRef::length).sum();
    if (list.depth() > 0 || length > MAX_BYTES + CHUNK_BYTES) {
      throw new FormatException("A list of problems is too long");
    }
    List<Problem> problems = new ArrayList<>();
    for (ChunkRef ref : list.refs()) {
      Decoder in = Chunks.read(source, ChunkKind.CATALOG, ref, Chunks.PROBLEMS);
      while (in.remaining() > 0) {
        if (problems.size() > MAX_PROBLEMS) {
          throw new FormatException("A list of problems has more than " + MAX_PROBLEMS);
        }
        problems.add(read(in));
      }
    }
    return problems;
  }

  private static Problem read(Decoder in) throws FormatException {
    byte[] path = in.bytes(EntryPath.MAX_BYTES);
    try {
      return new Problem(
          path.length == 0 ? Optional.empty() : Optional.of(EntryPath.ofBytes(path)),
          in.text(MAX_MESSAGE_BYTES));
    } catch (IllegalArgumentException e) {
      throw new FormatException("A problem is about a path that cannot be one", e);
    }
  }
}
