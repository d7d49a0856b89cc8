package dev.varve.internal.store;

import dev.varve.ConfigurationException;
import dev.varve.store.Store;
import java.util.OptionalLong;

/**
 * How many bytes a second may be sent to a store and fetched from it.
 *
 * @param upload what may be sent, if that is limited
 * @param download what may be fetched, if that is limited
 */
public record TransferLimits(OptionalLong upload, OptionalLong download) {

  /** Below this, stores would take a transfer for stuck. */
  public static final long LEAST_BYTES_PER_SECOND = 64 * 1024;

  /** As fast as it goes. */
  public static final TransferLimits NONE =
      new TransferLimits(OptionalLong.empty(), OptionalLong.empty());

  public TransferLimits {
    require("upload", upload);
    require("download", download);
  }

  /** The store kept within these limits. */
  public Store limit(Store store, Pause pause) {
    return upload.isEmpty() && download.isEmpty() ? store : new LimitedStore(store, this, pause);
  }

  private static void require(String which, OptionalLong limit) {
    if (limit.isPresent() && limit.getAsLong() < LEAST_BYTES_PER_SECOND) {
      throw new ConfigurationException(
          String.format(
              "A limit for %ss is at least 64 KiB a second (%d), not %d",
              which, LEAST_BYTES_PER_SECOND, limit.getAsLong()));
    }
  }
}
