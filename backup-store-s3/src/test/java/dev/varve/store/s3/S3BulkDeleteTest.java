package dev.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.s3.ScriptedServer.Answer;
import dev.varve.store.s3.ScriptedServer.Asked;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many items are deleted by one request, and what becomes of them where it fails. */
class S3BulkDeleteTest {

  private static final List<String> KEYS = List.of("packs/aa/x", "packs/aa/y", "packs/aa/z");

  private final ScriptedServer server;

  S3BulkDeleteTest() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static boolean isBulk(Asked asked) {
    return asked.method().equals("POST") && asked.query().equals("delete");
  }

  private static Answer result(String... errors) {
    return new Answer(
        200,
        Map.of("Content-Type", "application/xml"),
        "<DeleteResult>" + String.join("", errors) + "</DeleteResult>");
  }

  private static String error(String name, String code) {
    return "<Error><Key>" + name + "</Key><Code>" + code + "</Code><Message>No</Message></Error>";
  }

  private Map<String, IOException> delete(Collection<String> keys) {
    try (S3Store store = server.store().build()) {
      return store.deleteAll(keys);
    }
  }

  private static IOException of(Map<String, IOException> failures, String key) {
    return Optional.ofNullable(failures.get(key)).orElseThrow();
  }

  @Test
  void deleteAll_manyKeys_isOneRequestAThousand() {
    server.script(asked -> result());

    List<String> keys =
        IntStream.range(0, 2001).mapToObj(i -> String.format("packs/%04d", i)).toList();
    assertEquals(Map.of(), delete(keys));

    assertEquals(3, server.asked().size());
    Asked first = server.asked().get(0);
    assertTrue(isBulk(first) && first.path().startsWith("/bucket"), first.toString());
    assertTrue(first.body().contains("<Quiet>true</Quiet>"), first.body());
    assertEquals(1000, first.body().split("<Key>pre/fix/packs/", -1).length - 1);
    assertFalse(first.header("X-amz-checksum-crc32").isEmpty());
    Asked last = server.asked().get(2);
    assertEquals("DELETE /bucket/pre/fix/packs/2000", last.method() + " " + last.path());
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "none"})
  void deleteAll_oldDigests_hasTheOldHeaderToo(String checksums) {
    server.script(asked -> result());
    try (S3Store store = server.store().requestChecksums(checksums).build()) {
      assertEquals(Map.of(), store.deleteAll(KEYS));
    }
    assertEquals(24, server.asked().get(0).header("Content-md5").length());
  }

  @Test
  void deleteAll_someFail_tellsWhyOfEach() {
    server.script(
        asked ->
            result(
                error("pre/fix/a", "AccessDenied"),
                error("pre/fix/b", "SlowDown"),
                error("pre/fix/c", "InternalError"),
                error("pre/fix/d", "NoSuchKey"),
                error("pre/fix/e", "ObjectIsKept")));

    Map<String, IOException> failures = delete(List.of("a", "b", "c", "d", "e", "f"));

    assertEquals(List.of("a", "b", "c", "e"), List.copyOf(failures.keySet()));
    assertInstanceOf(AccessDeniedException.class, of(failures, "a"));
    assertInstanceOf(ThrottledException.class, of(failures, "b"));
    assertEquals(IOException.class, of(failures, "c").getClass());
    assertInstanceOf(RefusedException.class, of(failures, "e"));
    String message = String.valueOf(of(failures, "a").getMessage());
    assertTrue(message.startsWith("Cannot delete a in s3://bucket/pre/fix"), message);
    assertEquals(1, server.asked().size());
  }

  @Test
  void deleteAll_errorOfNobodyKnowsWhat_isThatOfEachKey() {
    server.script(asked -> result(error("elsewhere", "InternalError")));

    assertEquals(KEYS, List.copyOf(delete(KEYS).keySet()));
  }

  @ParameterizedTest
  @CsvSource({
    "501,NotImplemented",
    "405,MethodNotAllowed",
    "400,MissingContentMD5",
    "400,InvalidRequest",
    "404,NoSuchKey",
    "403,AccessDenied"
  })
  void deleteAll_serverDoesNotKnowIt_deletesSinglyFromThenOn(int status, String code) {
    server.script(asked -> isBulk(asked) ? Answer.error(status, code) : Answer.ok());
    try (S3Store store = server.store().build()) {
      assertEquals(Map.of(), store.deleteAll(KEYS));
      assertEquals(Map.of(), store.deleteAll(KEYS));
    }
    assertEquals(
        List.of("POST", "DELETE", "DELETE", "DELETE", "DELETE", "DELETE", "DELETE"),
        server.asked().stream().map(Asked::method).toList());
  }

  @ParameterizedTest
  @CsvSource({"500,InternalError", "503,SlowDown", "400,ExpiredToken", "404,NoSuchBucket"})
  void deleteAll_failsAsAWhole_isThatOfEachKeyAndBulkStays(int status, String code) {
    server.script(asked -> Answer.error(status, code));
    try (S3Store store = server.store().build()) {
      assertEquals(KEYS, List.copyOf(store.deleteAll(KEYS).keySet()));
      assertEquals(
          status == 500, of(store.deleteAll(KEYS), KEYS.get(0)).getClass() == IOException.class);
    }
    assertTrue(server.asked().stream().allMatch(S3BulkDeleteTest::isBulk));
  }

  /** A status is sent before anything is done, so that what goes wrong then comes after it. */
  @Test
  void deleteAll_errorInTheBodyOfAGoodAnswer_isAFailure() {
    server.script(
        asked ->
            new Answer(
                200,
                Map.of("Content-Type", "application/xml"),
                "<Error><Code>InternalError</Code><Message>No</Message></Error>"));

    assertEquals(KEYS, List.copyOf(delete(KEYS).keySet()));
  }

  @Test
  void deleteAll_closed_isThatOfEachKey() {
    S3Store store = server.store().build();
    store.close();

    assertEquals(KEYS, List.copyOf(store.deleteAll(KEYS).keySet()));
    assertEquals(List.of(), server.asked());
  }
}
