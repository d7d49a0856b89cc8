package dev.varve.source.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void plus_documentNumberAndItsTieBreaker_movesBoth() {
    Place place = Place.of(RawJson.of("[41,4294967337]")).orElseThrow();

    assertEquals("[44,4294967340]", place.plus(3).sort().toString());
  }

  @Test
  void of_sortThatIsNoNumber_isUnknown() {
    assertEquals(Optional.empty(), Place.of(RawJson.of("[\"a\"]")));
    assertEquals(Optional.empty(), Place.of(RawJson.of("[1,null]")));
  }
}
