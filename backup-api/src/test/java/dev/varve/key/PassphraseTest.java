package dev.varve.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.varve.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class PassphraseTest {

  @Property(tries = 200)
  void use_ascii_isThoseBytes(@ForAll @NotEmpty @CharRange(from = ' ', to = '~') String text) {
    assertArrayEquals(text.getBytes(StandardCharsets.US_ASCII), bytes(text));
  }

  @Test
  void use_oneToFourBytesACharacter_isUtf8() {
    String text = "a\u00e9\u20ac\ud83d\udd11";
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), bytes(text));
  }

  @Test
  void use_decomposed_isComposed() {
    assertArrayEquals(bytes("\u00e9"), bytes("e\u0301"));
  }

  @Test
  void use_halfASurrogatePair_isAQuestionMark() {
    assertArrayEquals(new byte[] {'a', '?'}, bytes("a\ud83d"));
    assertArrayEquals(new byte[] {'?', 'a'}, bytes("\udd11a"));
  }

  @Test
  void use_afterwards_theBytesAreWiped() {
    List<byte[]> kept = new ArrayList<>();
    int length =
        Passphrase.of("s\u00e9cret".toCharArray())
            .use(
                bytes -> {
                  kept.add(bytes);
                  return bytes.length;
                });
    assertEquals(7, length);
    assertArrayEquals(new byte[7], kept.get(0));
  }

  @Test
  void use_empty_isRefused() {
    Passphrase empty = Passphrase.of(new char[0]);
    assertThrows(ConfigurationException.class, () -> empty.use(bytes -> bytes.length));
  }

  @Test
  void toString_anyPassphrase_doesNotShowIt() {
    assertEquals("passphrase", Passphrase.of("secret".toCharArray()).toString());
  }

  private static byte[] bytes(String text) {
    return Passphrase.of(text.toCharArray()).use(byte[]::clone);
  }
}
