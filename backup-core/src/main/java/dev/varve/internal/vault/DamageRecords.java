package dev.varve.internal.vault;

import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Appends what was found damaged, or found to be well again. Stateless. */
public final class DamageRecords {

  /** How many ordinals and packs go into one record, which has to stay below its bound. */
  private static final int MOST_PLACES = 2_000;

  private DamageRecords() {}

  /** Records all of it, in as many records as it takes. */
  public static void append(Log log, List<PackBlocks> found, List<PackBlocks> withdrawn)
      throws IOException {
    for (List<PackBlocks> some : pieces(found)) {
      log.append(Draft.computed(state -> new Damage(state.slot(), some, List.of())));
    }
    for (List<PackBlocks> some : pieces(withdrawn)) {
      log.append(Draft.computed(state -> new Damage(state.slot(), List.of(), some)));
    }
  }

  private static List<List<PackBlocks>> pieces(List<PackBlocks> all) {
    List<List<PackBlocks>> pieces = new ArrayList<>();
    List<PackBlocks> piece = new ArrayList<>();
    int places = 0;
    for (PackBlocks blocks : all) {
      for (PackBlocks part : parts(blocks)) {
        int more = 8 + part.blocks().size();
        if (places + more > 2 * MOST_PLACES && !piece.isEmpty()) {
          pieces.add(piece);
          piece = new ArrayList<>();
          places = 0;
        }
        piece.add(part);
        places += more;
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(piece);
    }
    return pieces;
  }

  private static List<PackBlocks> parts(PackBlocks blocks) {
    if (blocks.blocks().size() <= MOST_PLACES) {
      return List.of(blocks);
    }
    List<PackBlocks> parts = new ArrayList<>();
    for (int i = 0; i < blocks.blocks().size(); i += MOST_PLACES) {
      int end = Math.min(blocks.blocks().size(), i + MOST_PLACES);
      parts.add(new PackBlocks(blocks.pack(), blocks.blocks().subList(i, end)));
    }
    return parts;
  }
}
