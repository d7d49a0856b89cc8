package dev.varve.internal.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.PackName;
import dev.varve.internal.log.Condemn;
import dev.varve.internal.log.Damage;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.LogState;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.PackBlocks;
import dev.varve.internal.log.Retire;
import dev.varve.internal.log.RetiredPack;
import dev.varve.internal.log.SlotHash;
import dev.varve.internal.log.VoidSlots;
import dev.varve.internal.log.VoidedSlot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The packs of a state, by number. */
class PackTableTest {

  /** As names are drawn at random, half of them are negative numbers. */
  private static List<PackName> names(int count) {
    Random random = new Random(5);
    List<PackName> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(new PackName(random.nextLong(), random.nextLong()));
      names.add(new PackName(names.get(2 * i).high(), random.nextLong()));
    }
    return names;
  }

  @Test
  void find_anyPackOfMany_hasItsNameAndNobodyElseANumber() {
    for (int count : new int[] {0, 1, 31, 32, 33, 500}) {
      List<PackName> names = names(count);
      List<NewPack> packs = names.stream().map(States::registered).toList();
      LogState state = States.of(new Index(0, List.of(), List.of(), packs));
      PackTable table = new PackTable(state);
      assertEquals(names.size(), table.size());
      List<PackName> ordered = new ArrayList<>(names);
      Collections.sort(ordered);
      for (int i = 0; i < ordered.size(); i++) {
        PackName name = ordered.get(i);
        assertEquals(i, table.find(name), "numbers ascend with names");
        assertEquals(name, table.name(i));
        assertEquals(state.pack(name), table.status(i));
        assertTrue(table.find(new PackName(name.high(), name.low() + 1)) < 0);
        assertTrue(table.find(new PackName(name.high() + 1, name.low())) < 0);
      }
    }
  }

  @Test
  void packs_byWhatBecameOfThem_areGoodOrActiveOrNotThere() {
    PackName active = States.pack(1);
    PackName retired = States.pack(2);
    PackName condemned = States.pack(3);
    PackName unregistered = States.pack(4);
    PackName damaged = States.pack(5);
    LogState state =
        States.of(
            new Index(
                0,
                List.of(),
                List.of(),
                List.of(
                    States.registered(active),
                    States.registered(retired),
                    States.registered(condemned),
                    States.registered(damaged))),
            new Retire(1, List.of(retired, condemned, unregistered), List.of()),
            new Condemn(2, List.of(new RetiredPack(condemned, 2)), List.of(), List.of()),
            new Damage(3, List.of(new PackBlocks(damaged, List.of(7))), List.of()));
    PackTable table = new PackTable(state);
    assertEquals(4, table.size());
    assertTrue(table.find(condemned) < 0, "who is condemned is no pack any more");
    assertTrue(table.isActive(table.find(active)));
    assertTrue(table.isGood(table.find(active), 7));
    assertFalse(table.isActive(table.find(retired)));
    assertTrue(table.isGood(table.find(retired), 0));
    assertFalse(table.isActive(table.find(unregistered)));
    assertFalse(table.isGood(table.find(unregistered), 0));
    assertTrue(table.isGood(table.find(damaged), 6));
    assertFalse(table.isGood(table.find(damaged), 7));
  }

  @Test
  void packs_whichAVoidRetired_areNoGood() {
    PackName pack = States.pack(1);
    PackName resumed = States.pack(2);
    LogState state =
        States.of(
            new Index(
                0,
                List.of(),
                List.of(),
                List.of(States.registered(pack), States.registered(resumed))),
            new Retire(1, List.of(), List.of()),
            new VoidSlots(2, List.of(new VoidedSlot(2, SlotHash.NONE))),
            new Retire(3, List.of(), List.of(resumed)));
    PackTable table = new PackTable(state);
    assertFalse(table.isGood(table.find(pack), 0), "the lost slot may have condemned it");
    assertTrue(table.isGood(table.find(resumed), 0));
  }
}
