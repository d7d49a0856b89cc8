package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Section 5: key slots. Immutable. */
final class KeySlot {

  private final String itemKey;
  private final byte[] item;

  KeySlot(String itemKey, byte[] item) {
    require(item.length >= 16 && item.length <= 32 << 10, "No slot has this length");
    byte[] body = Arrays.copyOf(item, item.length - 16);
    byte[] checksum = Arrays.copyOfRange(item, item.length - 16, item.length);
    require(
        Arrays.equals(checksum, Arrays.copyOf(Primitives.sha256(body), 16)),
        itemKey + " is damaged");
    this.itemKey = itemKey;
    this.item = body;
  }

  /** The root, or none if the slot is another key's. */
  Optional<byte[]> open(byte[] repository, Secret secret) {
    Input in = new Input(item);
    in.header('K');
    int method = in.u8();
    in.varint();
    in.text(3 * 64);
    byte[] slotKey;
    if (method == 1 && secret instanceof Secret.Passphrase passphrase) {
      long memory = in.u32();
      long passes = in.u32();
      long lanes = in.u32();
      require(memory >= 1 << 10 && memory <= 1 << 20, "So much memory is not used");
      require(passes >= 1 && passes <= 16 && lanes >= 1 && lanes <= 16, "It takes too long");
      slotKey = argon2id(passphrase.text(), in.raw(16), (int) memory, (int) passes, (int) lanes);
    } else if (method == 2 && secret instanceof Secret.KeyFileLine file) {
      slotKey =
          Primitives.hkdf(file.bytes(), in.raw(16), "varve-1 key-file".getBytes(US_ASCII), 32);
    } else {
      return Optional.empty();
    }
    if (!Arrays.equals(in.raw(32), derive(slotKey, "varve-1 slot-commitment"))) {
      return Optional.empty();
    }
    byte[] before = Arrays.copyOf(item, in.position());
    byte[] wrapped = in.bytes(24 << 10);
    in.end();
    byte[] associated = Primitives.join(Keys.binding(repository, 'K', itemKey, 0), before);
    Input table =
        new Input(Primitives.openSmall(derive(slotKey, "varve-1 slot-seal"), associated, wrapped));
    require(table.varint() == 1 && table.text(32).equals("root"), "It hands out less than all");
    byte[] root = table.raw(32);
    table.end();
    return Optional.of(root);
  }

  private static byte[] derive(byte[] slotKey, String info) {
    return Primitives.hkdf(slotKey, new byte[0], info.getBytes(US_ASCII), 32);
  }

  private static byte[] argon2id(String text, byte[] salt, int memory, int passes, int lanes) {
    Argon2BytesGenerator argon = new Argon2BytesGenerator();
    argon.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(0x13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[32];
    argon.generateBytes(Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(UTF_8), key);
    return key;
  }
}
