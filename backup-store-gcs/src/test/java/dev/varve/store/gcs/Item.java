package dev.varve.store.gcs;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the test server keeps of an object.
 *
 * @param properties what the client said of it, besides name and bucket
 */
record Item(
    String bucket,
    String name,
    byte[] bytes,
    long generation,
    Instant created,
    JsonObject properties,
    Optional<String> kmsKey) {

  static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(sum);
  }

  boolean isHeld() {
    return flag("temporaryHold") || flag("eventBasedHold");
  }

  boolean isRetained() {
    return properties.has("retention") && retainedUntil().isAfter(Instant.now());
  }

  Instant retainedUntil() {
    return retainedUntil(properties);
  }

  static Instant retainedUntil(JsonObject properties) {
    return Instant.parse(
        properties.getAsJsonObject("retention").get("retainUntilTime").getAsString());
  }

  private boolean flag(String name) {
    return properties.has(name) && properties.get(name).getAsBoolean();
  }

  /** Its resource, as the JSON API shows it. */
  JsonObject resource() {
    JsonObject all = properties.deepCopy();
    all.addProperty("kind", "storage#object");
    all.addProperty("bucket", bucket);
    all.addProperty("name", name);
    all.addProperty("id", bucket + "/" + name + "/" + generation);
    all.addProperty("size", String.valueOf(bytes.length));
    all.addProperty("generation", String.valueOf(generation));
    all.addProperty("metageneration", "1");
    all.addProperty("crc32c", crc32c(bytes));
    all.addProperty("timeCreated", created.truncatedTo(ChronoUnit.MILLIS).toString());
    all.addProperty("updated", created.truncatedTo(ChronoUnit.MILLIS).toString());
    kmsKey.ifPresent(key -> all.addProperty("kmsKeyName", key + "/cryptoKeyVersions/1"));
    if (!all.has("storageClass")) {
      all.addProperty("storageClass", "STANDARD");
    }
    return all;
  }
}
