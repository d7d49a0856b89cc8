package dev.varve.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.ConfigurationException;
import dev.varve.Location;
import dev.varve.Options;
import dev.varve.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3StoreProviderTest {

  @TempDir Path directory;

  private static Store open(String location, Map<String, String> options) throws IOException {
    Map<String, List<String>> lists =
        options.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
    return new S3StoreProvider().open(Location.parse(location), Options.of("s3", lists));
  }

  private static String refusal(String location, Map<String, String> options) {
    return String.valueOf(
        assertThrows(ConfigurationException.class, () -> open(location, options)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "s3://acme,s3://acme",
    "s3://acme/,s3://acme",
    "s3://acme/orders,s3://acme/orders",
    "s3://acme/a/b/,s3://acme/a/b"
  })
  void open_location_namesBucketAndPrefix(String location, String expected) throws IOException {
    try (Store store = open(location, Map.of("region", "eu-central-1"))) {
      assertEquals(expected, store.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "s3:acme,BUCKET",
    "s3://,BUCKET",
    "s3://a,BUCKET",
    "s3://acme/a//b,prefix",
    "s3://acme/a b,prefix",
    "s3://fast--use1-az4--x-s3/a,directory bucket"
  })
  void open_badLocation_isRefused(String location, String word) {
    String message = refusal(location, Map.of("region", "eu-central-1"));
    assertTrue(message.contains(word), message);
  }

  @ParameterizedTest
  @CsvSource({
    "regoin,eu-central-1,did you mean 'region'",
    "endpoint,http://user:secret@host,without credentials",
    "endpoint,ftp://host,URL",
    "storage-class,COLD,GLACIER_IR",
    "server-side-encryption,rot13,AES256",
    "request-checksums,sha1,crc32c or md5",
    "max-connections,0,from 1 to 1000",
    "list-version,3,from 1 to 2",
    "object-lock,compliance,go together",
    "tls-ca-file,/nowhere/ca.pem,/nowhere/ca.pem",
    "credentials-file,/nowhere/keys,/nowhere/keys"
  })
  void open_badOption_isRefused(String name, String value, String words) {
    String message = refusal("s3://acme", Map.of(name, value, "kms-key", "k"));
    assertTrue(message.contains(words), message);
    assertTrue(!message.contains("secret@"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "http://s3.example.org:9000,true",
    "https://s3.example.org:9000,false",
    "http://127.0.0.1:9000,false",
    "http://localhost:9000,false",
    "http://[::1]:9000,false"
  })
  void open_endpointOfAnotherMachineByHttp_warns(String endpoint, boolean warns)
      throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, UTF_8));
    try {
      open("s3://acme", Map.of("region", "eu-central-1", "endpoint", endpoint)).close();
    } finally {
      System.setErr(before);
    }
    assertEquals(warns, logged.toString(UTF_8).contains("not encrypted"), logged.toString(UTF_8));
  }

  @Test
  void open_everything_isUnderstood() throws IOException {
    Path keys =
        Files.writeString(
            directory.resolve("keys"), "[backup]\naws_access_key_id=A\naws_secret_access_key=S\n");
    Map<String, String> options =
        Map.ofEntries(
            Map.entry("region", "eu-central-1"),
            Map.entry("endpoint", "s3.example.org:9000"),
            Map.entry("path-style-access", "true"),
            Map.entry("storage-class", "STANDARD_IA"),
            Map.entry("server-side-encryption", "aws:kms"),
            Map.entry("kms-key", "alias/backup"),
            Map.entry("profile", "backup"),
            Map.entry("credentials-file", keys.toString()),
            Map.entry("role-arn", "arn:aws:iam::1:role/backup"),
            Map.entry("request-checksums", "md5"),
            Map.entry("max-connections", "8"),
            Map.entry("list-version", "1"),
            Map.entry("exclusive", "true"),
            Map.entry("object-lock", "governance"),
            Map.entry("object-lock-days", "30"));
    try (Store store = open("s3://acme/orders", options)) {
      assertEquals("s3://acme/orders", store.toString());
    }
  }
}
