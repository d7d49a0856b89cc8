package dev.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Stored;
import dev.varve.store.s3.ScriptedServer.Answer;
import dev.varve.store.s3.ScriptedServer.Asked;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the store makes of answers, and what it sends. */
class S3StoreAnswersTest {

  private static final Body BODY = Body.of("item".getBytes(StandardCharsets.US_ASCII));
  private static final String DATE = "Fri, 20 Nov 2026 10:00:00 GMT";

  private final ScriptedServer server;

  S3StoreAnswersTest() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Answers the probe as a good server does, and everything else like this. */
  private void answer(Answer answer) {
    server.script(asked -> isProbe(asked) ? Answer.error(412, "PreconditionFailed") : answer);
  }

  private static boolean isProbe(Asked asked) {
    return asked.path().endsWith(".varve-probe");
  }

  private IOException failure(Answer answer) throws IOException {
    answer(answer);
    try (S3Store store = server.store().build()) {
      IOException failure = assertThrows(IOException.class, () -> store.create("config", BODY));
      assertFalse(failure.toString().contains("the-secret-key"));
      assertFalse(failure.toString().contains("the-access-key"));
      return failure;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400,AuthorizationHeaderMalformed,region",
    "301,PermanentRedirect,region",
    "400,ExpiredToken,renew",
    "403,InvalidAccessKeyId,access key",
    "403,SignatureDoesNotMatch,secret",
    "403,RequestTimeTooSkewed,clock",
    "404,NoSuchBucket,bucket",
    "501,NotImplemented,NotImplemented",
    "400,InvalidRequest,InvalidRequest"
  })
  void create_refusedForGood_saysWhatToDo(int status, String code, String word) throws IOException {
    IOException failure = failure(Answer.error(status, code));

    assertInstanceOf(RefusedException.class, failure);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(word), message);
    assertTrue(message.contains("create config in s3://bucket/pre/fix"), message);
  }

  @Test
  void create_otherRegion_namesIt() throws IOException {
    IOException failure =
        failure(Answer.error(301, "PermanentRedirect").with("x-amz-bucket-region", "eu-south-2"));

    assertTrue(String.valueOf(failure.getMessage()).contains("'region=eu-south-2'"));
  }

  @Test
  void create_clocksApart_showsBoth() throws IOException {
    IOException failure = failure(Answer.error(403, "RequestTimeTooSkewed"));

    assertTrue(
        String.valueOf(failure.getMessage()).matches(".*; here it is 20.*Z, there 20.*Z;.*"));
  }

  @Test
  void create_denied_isAnAccessDeniedException() throws IOException {
    assertInstanceOf(AccessDeniedException.class, failure(Answer.error(403, "AccessDenied")));
  }

  @ParameterizedTest
  @CsvSource({"503,SlowDown", "429,TooManyRequests", "503,ServiceUnavailable", "400,Throttling"})
  void create_throttled_asksToWait(int status, String code) throws IOException {
    IOException failure = failure(Answer.error(status, code).with("Retry-After", "7"));

    ThrottledException throttled = assertInstanceOf(ThrottledException.class, failure);
    assertEquals(Duration.ofSeconds(7), throttled.pause());
  }

  @ParameterizedTest
  @CsvSource({"500,InternalError", "400,RequestTimeout", "400,BadDigest", "409,OperationAborted"})
  void create_passingTrouble_mayBeTriedAgain(int status, String code) throws IOException {
    assertEquals(IOException.class, failure(Answer.error(status, code)).getClass());
  }

  @Test
  void create_conflictWithAnItemThere_isTheItems() throws IOException {
    server.script(
        asked ->
            asked.method().equals("HEAD")
                ? Answer.ok().with("Last-Modified", DATE)
                : Answer.error(isProbe(asked) ? 412 : 409, "ConditionalRequestConflict"));
    try (S3Store store = server.store().build()) {
      assertThrows(FileAlreadyExistsException.class, () -> store.create("config", BODY));
    }
  }

  @Test
  void create_conflictWithNothingThere_mayBeTriedAgain() throws IOException {
    server.script(
        asked ->
            asked.method().equals("HEAD")
                ? new Answer(404, Map.of(), "")
                : Answer.error(isProbe(asked) ? 412 : 409, "ConditionalRequestConflict"));
    try (S3Store store = server.store().build()) {
      IOException failure = assertThrows(IOException.class, () -> store.create("config", BODY));
      assertEquals(IOException.class, failure.getClass());
    }
  }

  @Test
  void create_serverIgnoresConditions_isRefusedBeforeAnythingIsWritten() throws IOException {
    server.script(asked -> Answer.ok().with("Date", DATE));
    try (S3Store store = server.store().build()) {
      RefusedException refused =
          assertThrows(RefusedException.class, () -> store.create("config", BODY));
      assertTrue(String.valueOf(refused.getMessage()).contains("exclusive=true"));
      assertTrue(server.asked().stream().allMatch(S3StoreAnswersTest::isProbe));
    }
  }

  @Test
  void create_exclusiveWithoutConditions_looksFirst() throws IOException {
    server.script(
        asked -> asked.method().equals("HEAD") ? new Answer(404, Map.of(), "") : Answer.ok());
    try (S3Store store = server.store().exclusive().build()) {
      store.create("config", BODY);
    }
    assertEquals(List.of("HEAD", "PUT"), server.asked().stream().map(Asked::method).toList());
    assertEquals("", server.asked().get(1).header("If-none-match"));
  }

  @Test
  void create_askedOnceWhetherConditionsHold_notAgain() throws IOException {
    answer(Answer.ok().with("Date", DATE));
    try (S3Store store = server.store().build()) {
      Stored stored = store.create("config", BODY);
      store.create("log/0", BODY);
      assertEquals(4, stored.size());
      Duration ago = Duration.between(stored.time(), Instant.now());
      assertTrue(ago.abs().compareTo(Duration.ofMinutes(1)) < 0, "the server's Date, not " + ago);
    }
    assertEquals(3, server.asked().size());
    Asked put = server.asked().get(1);
    assertEquals("/bucket/pre/fix/config", put.path());
    assertEquals("*", put.header("If-none-match"));
    assertEquals("4", put.header("Content-length"));
    assertFalse(put.header("X-amz-checksum-crc32c").isEmpty());
  }

  @Test
  void create_storageClass_isForColdItemsOnly() throws IOException {
    Asked cold = put(store -> store.storageClass("glacier_ir"), "packs/aa/x", BODY.cold());
    Asked other = put(store -> store.storageClass("glacier_ir"), "packs/aa/y", BODY);

    assertEquals("GLACIER_IR", cold.header("X-amz-storage-class"));
    assertEquals("", other.header("X-amz-storage-class"));
  }

  @Test
  void create_encryptionByTheServer_isAskedFor() throws IOException {
    Asked put = put(store -> store.kmsKey("key-7"), "config", BODY);

    assertEquals("aws:kms", put.header("X-amz-server-side-encryption"));
    assertEquals("key-7", put.header("X-amz-server-side-encryption-aws-kms-key-id"));
  }

  @Test
  void create_objectLock_isForWhatCannotBeMadeAgain() throws IOException {
    UnaryOperator<S3StoreBuilder> locked = store -> store.objectLock("compliance", 30);
    for (String key : List.of("config", "keys/1", "log/0", "packs/aa/x")) {
      Asked put = put(locked, key, BODY);
      assertEquals("COMPLIANCE", put.header("X-amz-object-lock-mode"), key);
      Instant until = Instant.parse(put.header("X-amz-object-lock-retain-until-date"));
      Duration left = Duration.between(Instant.now(), until);
      assertTrue(left.compareTo(Duration.ofDays(29)) > 0, key + " " + until);
    }
    for (String key : List.of("index/1", "checkpoints/1", "locks/1")) {
      assertEquals("", put(locked, key, BODY).header("X-amz-object-lock-mode"), key);
    }
  }

  @Test
  void protect_locked_asksForTheSameTimeFromNowOn() throws IOException {
    server.script(asked -> Answer.ok());
    try (S3Store store = server.store().objectLock("compliance", 30).build()) {
      assertEquals(Optional.of(Duration.ofDays(30)), store.protection());
      store.protect("packs/aa/x");
    }
    Asked put = server.asked().get(0);
    assertEquals("PUT /bucket/pre/fix/packs/aa/x retention", request(put));
    assertFalse(
        put.header("X-amz-checksum-crc32").isEmpty() && put.header("Content-md5").isEmpty());
    assertTrue(put.body().contains("<Mode>COMPLIANCE</Mode>"), put.body());
    String until = put.body().replaceAll(".*<RetainUntilDate>(.*)</RetainUntilDate>.*", "$1");
    Duration left = Duration.between(Instant.now(), Instant.parse(until));
    assertTrue(left.compareTo(Duration.ofDays(29)) > 0 && left.toDays() <= 30, until);
  }

  @ParameterizedTest
  @CsvSource({"40,true", "10,false"})
  void protect_denied_isFineIfItIsKeptForLongerAlready(int days, boolean fine) throws IOException {
    Instant there = Instant.now().plus(Duration.ofDays(days));
    server.script(
        asked ->
            asked.method().equals("PUT")
                ? Answer.error(403, "AccessDenied")
                : new Answer(
                    200,
                    Map.of("Content-Type", "application/xml"),
                    "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>"
                        + there
                        + "</RetainUntilDate></Retention>"));
    try (S3Store store = server.store().objectLock("governance", 30).build()) {
      if (fine) {
        store.protect("packs/aa/x");
      } else {
        assertThrows(AccessDeniedException.class, () -> store.protect("packs/aa/x"));
      }
    }
    assertEquals("GET /bucket/pre/fix/packs/aa/x retention", request(server.asked().get(1)));
  }

  private static String request(Asked asked) {
    return asked.method() + " " + asked.path() + " " + asked.query();
  }

  @Test
  void create_whatIsSent_isReadOnceAsSentAndElseAsLocal() throws IOException {
    AtomicInteger sent = new AtomicInteger();
    Body counted =
        new Body() {
          @Override
          public long length() {
            return BODY.length();
          }

          @Override
          public InputStream open() throws IOException {
            sent.incrementAndGet();
            return BODY.open();
          }

          @Override
          public Body local() {
            return BODY;
          }
        };
    Asked put = put(store -> store, "config", counted);

    assertEquals("item", put.body());
    assertEquals(1, sent.get(), "a limit of bandwidth must count each byte once");
  }

  @Test
  void create_md5_isTheOldHeader() throws IOException {
    Asked put = put(store -> store.requestChecksums("md5"), "config", BODY);

    assertEquals("RHtxR+hL5RIgjcwJldZ+vA==", put.header("Content-md5"));
    assertEquals("", put.header("X-amz-checksum-crc32c"));
  }

  private Asked put(UnaryOperator<S3StoreBuilder> how, String key, Body body) throws IOException {
    answer(Answer.ok().with("Date", DATE));
    try (S3Store store = how.apply(server.store()).build()) {
      store.create(key, body);
    }
    return server.asked().get(server.asked().size() - 1);
  }

  @Test
  void read_archived_saysHowToBringItBack() throws IOException {
    answer(Answer.error(403, "InvalidObjectState"));
    try (S3Store store = server.store().build()) {
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> store.read("packs/aa/x", 0, ByteBuffer.allocate(1)));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("restore-object --bucket bucket --key pre/fix/packs/aa/x"));
    }
  }

  @Test
  void read_serverWithoutRanges_takesWhatWasWanted() throws IOException {
    answer(new Answer(200, Map.of("Last-Modified", DATE), "0123456789"));
    try (S3Store store = server.store().build()) {
      ByteBuffer into = ByteBuffer.allocate(3);
      store.read("config", 5, into);
      assertEquals("567", new String(into.array(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void read_bodyStalls_mayBeTriedAgain() throws IOException {
    Answer whole = new Answer(200, Map.of("Last-Modified", DATE), "0123456789");
    answer(whole.stalling());
    try (S3Store store = server.store().silence(Duration.ofSeconds(2)).build()) {
      IOException failure =
          assertThrows(IOException.class, () -> store.read("config", 0, ByteBuffer.allocate(10)));
      assertFalse(failure instanceof EOFException, failure.toString());
      answer(whole);
      store.read("config", 0, ByteBuffer.allocate(10));
    }
  }

  @Test
  void read_missing_isANoSuchFileException() throws IOException {
    answer(Answer.error(404, "NoSuchKey"));
    try (S3Store store = server.store().build()) {
      assertThrows(
          NoSuchFileException.class, () -> store.read("config", 0, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void anyCall_closed_isFinal() throws IOException {
    S3Store store = server.store().build();
    store.close();
    store.close();
    assertThrows(ClosedChannelException.class, () -> store.list("", ""));
  }

  @Test
  void anyCall_nobodyThere_mayBeTriedAgain() throws IOException {
    S3StoreBuilder builder = server.store();
    server.close();
    try (S3Store store = builder.build()) {
      IOException failure = assertThrows(IOException.class, () -> store.list("", ""));
      assertEquals(IOException.class, failure.getClass());
    }
  }

  @Test
  void list_foreignNames_arePassedOver() throws IOException {
    server.script(
        asked ->
            asked.query().contains("start-after")
                ? listing(false, List.of("pre/fix/config", "pre/fix/packs/"))
                : listing(true, List.of("pre/fix/.varve-probe", "pre/fix/A B")));
    try (S3Store store = server.store().build()) {
      Page page = store.list("", "");
      assertEquals(List.of("config"), page.items().stream().map(Stored::key).toList());
      assertTrue(page.last());
    }
  }

  @Test
  void list_version1_goesOnByMarker() throws IOException {
    server.script(
        asked ->
            asked.query().contains("marker=")
                ? listing(false, List.of("pre/fix/b"))
                : listing(true, List.of("pre/fix/a")));
    try (S3Store store = server.store().listVersion1().build()) {
      assertEquals("a", store.list("", "").items().get(0).key());
      assertEquals("b", store.list("", "a").items().get(0).key());
    }
    assertFalse(server.asked().get(0).query().contains("list-type"));
  }

  @Test
  void list_veryManyItems_showsEachOnceInConstantMemory() throws IOException {
    int count = Boolean.getBoolean("varve.deep") ? 1_000_000 : 50_000;
    server.script(asked -> numbered(startAfter(asked), count));
    try (S3Store store = server.store().build()) {
      long listed = 0;
      String last = "";
      Page page = store.list("packs/", "");
      while (true) {
        for (Stored item : page.items()) {
          assertTrue(last.compareTo(item.key()) < 0);
          last = item.key();
          listed++;
        }
        if (page.last()) {
          break;
        }
        page = store.list("packs/", last);
      }
      assertEquals(count, listed);
      assertEquals((count + 999) / 1000, server.asked().size());
    }
  }

  private static int startAfter(Asked asked) {
    return Arrays.stream(asked.query().split("&"))
        .filter(parameter -> parameter.startsWith("start-after="))
        .map(parameter -> URLDecoder.decode(parameter, StandardCharsets.UTF_8))
        .map(parameter -> Integer.parseInt(parameter.substring(parameter.lastIndexOf('/') + 1)))
        .findFirst()
        .orElse(-1);
  }

  private static Answer numbered(int after, int count) {
    int end = Math.min(count, after + 1001);
    List<String> names =
        IntStream.range(after + 1, end)
            .mapToObj(i -> String.format("pre/fix/packs/%08d", i))
            .toList();
    return listing(end < count, names);
  }

  private static Answer listing(boolean truncated, List<String> names) {
    String contents =
        names.stream()
            .map(
                name ->
                    "<Contents><Key>"
                        + name
                        + "</Key><LastModified>2026-11-20T10:00:00.000Z</LastModified>"
                        + "<Size>7</Size></Contents>")
            .collect(Collectors.joining());
    return new Answer(
        200,
        Map.of("Content-Type", "application/xml"),
        "<ListBucketResult><IsTruncated>"
            + truncated
            + "</IsTruncated>"
            + contents
            + "</ListBucketResult>");
  }
}
