package dev.varve.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class SipHashTest {

  @Test
  void hash_exampleOfThePaper_isAsPrinted() {
    byte[] key = new byte[16];
    byte[] input = new byte[15];
    for (int i = 0; i < 16; i++) {
      key[i] = (byte) i;
      input[Math.min(i, 14)] = (byte) Math.min(i, 14);
    }

    assertEquals(0xa129ca6149be45e5L, new SipHash(key).hash(input));
  }

  @Property(tries = 300)
  void hash_anyInput_isWhatAnotherLibrarySays(
      @ForAll @Size(16) byte[] key, @ForAll @Size(max = 300) byte[] input) {
    org.bouncycastle.crypto.macs.SipHash other = new org.bouncycastle.crypto.macs.SipHash();
    other.init(new KeyParameter(key));
    other.update(input, 0, input.length);

    assertEquals(other.doFinal(), new SipHash(key).hash(input));
  }
}
