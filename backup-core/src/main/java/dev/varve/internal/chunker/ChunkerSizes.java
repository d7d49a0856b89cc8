package dev.varve.internal.chunker;

import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.Encoder;
import dev.varve.internal.format.FormatException;

/**
 * How long chunks are, fixed when a repository is made and stored in its settings.
 *
 * <p>Stored as five u32: minimum, normal and maximum in bytes, then both thresholds.
 *
 * @param minBytes no chunk but a content's last is shorter; {@value #LEAST_BYTES} or more
 * @param normalBytes the length about which most chunks lie; over the minimum
 * @param maxBytes no chunk is longer; over the normal length, at most {@value #MOST_BYTES}
 * @param earlyThreshold how many of 2^32 candidates are cuts before the normal length
 * @param lateThreshold how many of 2^32 candidates are cuts from the normal length on
 */
public record ChunkerSizes(
    int minBytes, int normalBytes, int maxBytes, long earlyThreshold, long lateThreshold) {

  /** The least minimum. */
  public static final int LEAST_BYTES = 4 << 10;

  /** The largest maximum. */
  public static final int MOST_BYTES = 8 << 20;

  /** 128 KiB, 512 KiB, 2 MiB. */
  public static final ChunkerSizes DEFAULT = of(128 << 10, 512 << 10, 2 << 20);

  /** One position in this many is a candidate. */
  private static final double CANDIDATE_DISTANCE = 256;

  /**
   * How much likelier a cut is after the normal length than before it: four times four, what the
   * FastCDC paper calls normalisation level 2 and found to deduplicate best.
   */
  private static final double LATE_RATIO = 16;

  private static final int FINER = 4;

  private static final long MAX_THRESHOLD = 0xffff_ffffL;

  public ChunkerSizes {
    if (!valid(minBytes, normalBytes, maxBytes, earlyThreshold, lateThreshold)) {
      throw new IllegalArgumentException(
          "Chunk sizes must ascend from "
              + LEAST_BYTES
              + " to "
              + MOST_BYTES
              + " bytes: "
              + minBytes
              + ", "
              + normalBytes
              + ", "
              + maxBytes);
    }
  }

  /** Sizes with the thresholds under which the mean chunk of random content has normal length. */
  public static ChunkerSizes of(int minBytes, int normalBytes, int maxBytes) {
    double low = 0;
    double high = 1 / (LATE_RATIO * CANDIDATE_DISTANCE);
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (meanBytes(minBytes, normalBytes, maxBytes, middle) > normalBytes) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new ChunkerSizes(
        minBytes, normalBytes, maxBytes, threshold(high), threshold(LATE_RATIO * high));
  }

  /**
   * The sizes for contents that change in many small places: a quarter of these, with cuts four
   * times as likely; these themselves where a quarter would be too short.
   */
  public ChunkerSizes fine() {
    int min = minBytes / FINER;
    int normal = normalBytes / FINER;
    int max = maxBytes / FINER;
    long early = Math.min(MAX_THRESHOLD, earlyThreshold * FINER);
    long late = Math.min(MAX_THRESHOLD, lateThreshold * FINER);
    return valid(min, normal, max, early, late)
        ? new ChunkerSizes(min, normal, max, early, late)
        : this;
  }

  /** The mean length if each byte before the normal length is a cut at this rate. */
  private static double meanBytes(int minBytes, int normalBytes, int maxBytes, double rate) {
    double lateRate = LATE_RATIO * rate;
    double reachNormal = StrictMath.exp(-rate * (normalBytes - minBytes));
    double reachMax = StrictMath.exp(-lateRate * (maxBytes - normalBytes));
    return minBytes + (1 - reachNormal) / rate + reachNormal * (1 - reachMax) / lateRate;
  }

  private static long threshold(double rate) {
    return Math.min(MAX_THRESHOLD, (long) (rate * CANDIDATE_DISTANCE * (MAX_THRESHOLD + 1)));
  }

  /** Writes its 20 bytes. */
  public void write(Encoder out) {
    out.u32(minBytes).u32(normalBytes).u32(maxBytes).u32(earlyThreshold).u32(lateThreshold);
  }

  /** Reads what {@link #write} wrote. */
  public static ChunkerSizes read(Decoder in) throws FormatException {
    long min = in.u32();
    long normal = in.u32();
    long max = in.u32();
    long early = in.u32();
    long late = in.u32();
    if (!valid(min, normal, max, early, late)) {
      throw new FormatException(
          "No chunks have the sizes " + min + ", " + normal + ", " + max + " bytes");
    }
    return new ChunkerSizes((int) min, (int) normal, (int) max, early, late);
  }

  private static boolean valid(long min, long normal, long max, long early, long late) {
    return LEAST_BYTES <= min
        && min < normal
        && normal < max
        && max <= MOST_BYTES
        && 0 <= early
        && early <= MAX_THRESHOLD
        && 0 <= late
        && late <= MAX_THRESHOLD;
  }
}
