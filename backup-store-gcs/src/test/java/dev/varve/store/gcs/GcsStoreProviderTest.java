package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import dev.varve.store.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcsStoreProviderTest {

  @TempDir Path directory;

  private static Store open(String location, Map<String, String> options) throws IOException {
    Map<String, List<String>> lists =
        options.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
    return new GcsStoreProvider().open(Location.parse(location), Options.of("gs", lists));
  }

  private static String refusal(String location, Map<String, String> options) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> open(location, options)).getMessage());
  }

  @Test
  void provider_isFoundByItsScheme() {
    assertTrue(
        ServiceLoader.load(StoreProvider.class).stream()
            .anyMatch(one -> one.get().scheme().equals("gs")));
  }

  @ParameterizedTest
  @CsvSource({
    "gs://acme,gs://acme",
    "gs://acme/,gs://acme",
    "gs://acme/orders,gs://acme/orders",
    "gs://acme.example.org/a/b/,gs://acme.example.org/a/b"
  })
  void open_location_namesBucketAndPrefix(String location, String expected) throws IOException {
    try (Store store = open(location, Map.of("anonymous", "true"))) {
      assertEquals(expected, store.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gs:acme,BUCKET",
    "gs://,BUCKET",
    "gs://a,BUCKET",
    "gs://Acme,BUCKET",
    "gs://acme/a//b,prefix",
    "gs://acme/a b,prefix"
  })
  void open_badLocation_isRefused(String location, String word) {
    String message = refusal(location, Map.of("anonymous", "true"));
    assertTrue(message.contains(word), message);
  }

  @ParameterizedTest
  @CsvSource({
    "projekt,acme-backups,did you mean 'project'",
    "endpoint,http://user:secret@host,without credentials",
    "endpoint,ftp://host,URL",
    "storage-class,COLD,NEARLINE",
    "kms-key,my-key,projects/P",
    "max-connections,0,from 1 to 1000",
    "timeout-seconds,0,from 1 to 3600",
    "retention,locked,go together",
    "retention-days,30,go together",
    "hold,firm,event-based",
    "credentials-file,/nowhere/key.json,leave one out"
  })
  void open_badOption_isRefused(String name, String value, String words) {
    String message = refusal("gs://acme", Map.of(name, value, "anonymous", "true"));
    assertTrue(message.contains(words), message);
    assertFalse(message.contains("secret@"), message);
  }

  @Test
  void open_unreadableCredentials_areNamedButNotShown() throws IOException {
    Path bad =
        Files.writeString(
            directory.resolve("key.json"),
            "{\"type\":\"service_account\",\"private_key\":\"the-secret-key\"");
    for (Path file : List.of(bad, directory.resolve("missing.json"))) {
      ConfigurationException refused =
          assertThrows(
              ConfigurationException.class,
              () -> open("gs://acme", Map.of("credentials-file", file.toString())));
      assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()));
      assertFalse(refused.toString().contains("the-secret-key"));
    }
  }

  @Test
  void open_tokenInTheClear_isRefusedButNotOnThisMachine() throws IOException {
    Path file = Files.writeString(directory.resolve("key.json"), AUTHORIZED_USER);
    Map<String, String> options = new HashMap<>(Map.of("credentials-file", file.toString()));
    options.put("endpoint", "http://storage.example.org");
    assertTrue(refusal("gs://acme", options).contains("in the clear"));
    for (String safe : List.of("https://storage.example.org", "http://localhost:4443")) {
      options.put("endpoint", safe);
      open("gs://acme", options).close();
    }
  }

  private static final String AUTHORIZED_USER =
      "{\"type\":\"authorized_user\",\"client_id\":\"c\",\"client_secret\":\"s\","
          + "\"refresh_token\":\"r\"}";

  @Test
  void open_everything_isUnderstood() throws IOException {
    Path file = Files.writeString(directory.resolve("key.json"), AUTHORIZED_USER);
    Map<String, String> options =
        Map.ofEntries(
            Map.entry("endpoint", "storage.example.org"),
            Map.entry("project", "acme-backups"),
            Map.entry("credentials-file", file.toString()),
            Map.entry("storage-class", "nearline"),
            Map.entry("kms-key", "projects/p/locations/eu/keyRings/r/cryptoKeys/k"),
            Map.entry("max-connections", "8"),
            Map.entry("timeout-seconds", "60"),
            Map.entry("retention", "unlocked"),
            Map.entry("retention-days", "30"),
            Map.entry("hold", "event-based"));
    try (Store store = open("gs://acme/orders", options)) {
      assertEquals("gs://acme/orders", store.toString());
    }
  }
}
