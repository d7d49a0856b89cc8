package dev.varve.internal.log;

import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RepositoryId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a repository was made with: the record of slot 0, and of no other.
 *
 * <p>Written as repository id (16 bytes), {@link ChunkerSizes} (20 bytes), signed compression
 * level, list of features, each a text, ascending.
 *
 * @param repository its id
 * @param chunker how long chunks are
 * @param compressionLevel zstd's level, from -100 to 100
 * @param features what software must know to read or write here; unknown ones forbid writing
 */
public record Settings(
    RepositoryId repository, ChunkerSizes chunker, int compressionLevel, List<String> features)
    implements LogRecord {

  /** The features this software knows: none yet. */
  static final Set<String> KNOWN_FEATURES = Set.of();

  private static final int MAX_LEVEL = 100;

  public Settings {
    features = List.copyOf(new TreeSet<>(features));
    if (Math.abs(compressionLevel) > MAX_LEVEL) {
      throw new IllegalArgumentException("No compression level is called " + compressionLevel);
    }
  }

  @Override
  public RecordKind kind() {
    return RecordKind.SETTINGS;
  }

  @Override
  public long base() {
    return 0;
  }

  @Override
  public Claims claims() {
    return Claims.at(0).build();
  }

  @Override
  public void write(Encoder out) {
    repository.write(out);
    chunker.write(out);
    out.signed(compressionLevel);
    Parts.names(out, features);
  }

  static Settings read(Decoder in) throws FormatException {
    RepositoryId repository = RepositoryId.read(in);
    ChunkerSizes chunker = ChunkerSizes.read(in);
    long level = in.signed();
    List<String> features = Parts.names(in);
    if (level < -MAX_LEVEL || level > MAX_LEVEL) {
      throw new FormatException("No compression level is called " + level);
    }
    Settings settings = new Settings(repository, chunker, (int) level, features);
    if (!settings.features.equals(features)) {
      throw new FormatException("The repository's features do not ascend");
    }
    return settings;
  }
}
