package dev.varve.internal.index;

import dev.varve.internal.crypto.Pages;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.Decoder;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RunName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the pages of one run, which authenticates them. Safe for use by many threads. A page that
 * cannot be read where it is at hand is read from the store.
 */
final class RunPages {

  private static final Logger LOG = LoggerFactory.getLogger(RunPages.class);

  private final RunName name;
  private final SealedItem near;
  private final SealedItem far;
  private final Runnable distrust;
  private final Pages pages;
  private final int count;
  private final AtomicBoolean trusted = new AtomicBoolean(true);

  /**
   * Reads the beginning of the item.
   *
   * @param near where its bytes are at hand
   * @param far where they come from
   * @param distrust called when {@code near} turned out to be damaged and {@code far} not
   */
  RunPages(
      RunName name,
      RunSeal seal,
      long storedBytes,
      SealedItem near,
      SealedItem far,
      Runnable distrust)
      throws IOException {
    this.name = name;
    this.near = near;
    this.far = far;
    this.distrust = distrust;
    this.count = RunLayout.pages(storedBytes);
    int headers = ItemKind.HEADER_BYTES + StreamSeal.HEADER_BYTES;
    byte[] beginning = new byte[headers];
    near.bytes(0, headers).get(beginning);
    Decoder in = new Decoder(beginning);
    ItemKind.RUN.readHeader(in);
    byte[] streamHeader = in.raw(StreamSeal.HEADER_BYTES);
    this.pages = seal.pages(name, streamHeader, storedBytes - ItemKind.HEADER_BYTES);
  }

  int count() {
    return count;
  }

  RunName name() {
    return name;
  }

  /** Whether a page costs no request. */
  boolean atHand() {
    return !(near instanceof SealedItem.Remote);
  }

  /**
   * Opens a page into {@code plain}, which takes {@link RunLayout#FULL_PAGE_BYTES}.
   *
   * @throws FormatException naming run and page, if neither copy of the page is sound
   */
  void open(int page, byte[] plain) throws IOException {
    try {
      open(near, page, plain);
    } catch (FormatException e) {
      try {
        open(far, page, plain);
      } catch (FormatException again) {
        throw damaged(page, again);
      }
      if (trusted.getAndSet(false)) {
        LOG.warn("The cached copy of {} is damaged; the store's is read instead", name);
        distrust.run();
      }
    }
  }

  /** Says what is wrong with a page, and what to do about it. */
  FormatException damaged(int page, Throwable cause) {
    return new RunDamagedException(
        String.format(
            "Page %d of %d of the index run %s is damaged: %s. Run check; repair can make the index"
                + " anew from the packs",
            page, count, name, cause.getMessage()),
        cause);
  }

  private void open(SealedItem item, int page, byte[] plain) throws IOException {
    long offset = ItemKind.HEADER_BYTES + Pages.sealedOffset(page);
    ByteBuffer sealed = item.bytes(offset, pages.sealedLength(page));
    pages.open(page, sealed, ByteBuffer.wrap(plain));
  }
}
