package dev.varve.internal.log;

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
 * <p>Written as repository id (16 bytes); u32 least, normal and largest chunk in bytes; u32 first
 * and second threshold; signed compression level; list of features, each a text, ascending.
 *
 * @param repository its id
 * @param leastChunkBytes the shortest chunk but for the last of a content
 * @param normalChunkBytes where cutting becomes easier
 * @param largestChunkBytes the longest chunk
 * @param earlyThreshold below it a candidate before the normal size is a cut, 0 to 2^32-1
 * @param lateThreshold below it a candidate after the normal size is a cut, 0 to 2^32-1
 * @param compressionLevel zstd's level
 * @param features what software must know to read or write here; unknown ones forbid writing
 */
public record Settings(
    RepositoryId repository,
    int leastChunkBytes,
    int normalChunkBytes,
    int largestChunkBytes,
    long earlyThreshold,
    long lateThreshold,
    int compressionLevel,
    List<String> features)
    implements LogRecord {

  /** The features this software knows: none yet. */
  static final Set<String> KNOWN_FEATURES = Set.of();

  private static final long MAX_U32 = 0xffff_ffffL;
  private static final int MAX_LEVEL = 100;

  public Settings {
    features = List.copyOf(new TreeSet<>(features));
    requireU32(leastChunkBytes);
    requireU32(normalChunkBytes);
    requireU32(largestChunkBytes);
    requireU32(earlyThreshold);
    requireU32(lateThreshold);
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
    out.u32(leastChunkBytes)
        .u32(normalChunkBytes)
        .u32(largestChunkBytes)
        .u32(earlyThreshold)
        .u32(lateThreshold)
        .signed(compressionLevel);
    Parts.names(out, features);
  }

  static Settings read(Decoder in) throws FormatException {
    RepositoryId repository = RepositoryId.read(in);
    long least = in.u32();
    long normal = in.u32();
    long largest = in.u32();
    long early = in.u32();
    long late = in.u32();
    long level = in.signed();
    List<String> features = Parts.names(in);
    if (Math.max(least, Math.max(normal, largest)) > Integer.MAX_VALUE
        || level < -MAX_LEVEL
        || level > MAX_LEVEL) {
      throw new FormatException("The repository's settings are out of range");
    }
    Settings settings =
        new Settings(
            repository,
            (int) least,
            (int) normal,
            (int) largest,
            early,
            late,
            (int) level,
            features);
    if (!settings.features.equals(features)) {
      throw new FormatException("The repository's features do not ascend");
    }
    return settings;
  }

  private static void requireU32(long number) {
    if (number < 0 || number > MAX_U32) {
      throw new IllegalArgumentException("A setting is out of range: " + number);
    }
  }
}
