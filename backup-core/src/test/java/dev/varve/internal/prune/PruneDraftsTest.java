package dev.varve.internal.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.internal.format.PackName;
import dev.varve.internal.format.RunName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Conflict;
import dev.varve.internal.log.LogConflictException;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.Overlap;
import dev.varve.internal.log.RecordKind;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RetiredPack;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What prune appends instead of a record that others have overtaken. */
class PruneDraftsTest {

  private static final PackName ONE = new PackName(1, 1);
  private static final PackName TWO = new PackName(2, 2);
  private static final PackName KEEPER = new PackName(3, 3);
  private static final RunName RUN = new RunName(4, 4);
  private static final Overlap NONE = new Overlap(Set.of(), Set.of(), Set.of(), false);

  private final Condemn condemn =
      new Condemn(
          9,
          List.of(new RetiredPack(ONE, 5), new RetiredPack(TWO, 5)),
          List.of(RUN),
          List.of(KEEPER));

  private static Overlap packs(PackName... packs) {
    return new Overlap(Set.of(packs), Set.of(), Set.of(), false);
  }

  private static Conflict held(Overlap held) {
    return new Conflict(10, RecordKind.SNAPSHOTS, NONE, held);
  }

  private static Conflict lost(Overlap lost) {
    return new Conflict(10, RecordKind.CONDEMN, lost, NONE);
  }

  @Test
  void condemn_othersReliedOnSomeOfIt_sparesThat() throws IOException {
    Overlap run = new Overlap(Set.of(), Set.of(RUN), Set.of(), false);
    assertEquals(
        new Condemn(9, List.of(new RetiredPack(TWO, 5)), List.of(), List.of(KEEPER)),
        new Condemning.CondemnDraft(condemn)
            .again(condemn, List.of(held(packs(ONE)), held(run)), LogState.EMPTY));
  }

  @Test
  void condemn_keeperIsLost_condemnsNothing() {
    for (Conflict conflict :
        List.of(
            lost(packs(KEEPER)),
            new Conflict(10, RecordKind.DAMAGE, packs(KEEPER), packs(ONE)),
            held(new Overlap(Set.of(), Set.of(), Set.of(), true)))) {
      assertThrows(
          LogConflictException.class,
          () ->
              new Condemning.CondemnDraft(condemn)
                  .again(condemn, List.of(held(packs(ONE)), conflict), LogState.EMPTY));
    }
  }

  @Test
  void retire_whatIsResumedWasCondemned_leavesThatOut() throws IOException {
    Retire retire = new Retire(9, List.of(ONE), List.of(TWO, KEEPER));
    assertEquals(
        new Retire(9, List.of(ONE), List.of(KEEPER)),
        new Retiring.RetireDraft(retire).again(retire, List.of(lost(packs(TWO))), LogState.EMPTY));
  }

  @Test
  void retire_everythingWasVoided_givesUp() {
    Retire retire = new Retire(9, List.of(ONE), List.of(TWO));
    Conflict all = lost(new Overlap(Set.of(), Set.of(), Set.of(), true));
    assertThrows(
        LogConflictException.class,
        () -> new Retiring.RetireDraft(retire).again(retire, List.of(all), LogState.EMPTY));
  }
}
