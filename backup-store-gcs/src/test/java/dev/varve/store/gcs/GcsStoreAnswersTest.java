package dev.varve.store.gcs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.varve.RefusedException;
import dev.varve.ThrottledException;
import dev.varve.store.Body;
import dev.varve.store.Page;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the store makes of answers, and what it sends. */
class GcsStoreAnswersTest {

  private static final Body BODY = Body.of("item".getBytes(StandardCharsets.US_ASCII));

  private final GcsServer server;

  GcsStoreAnswersTest() throws IOException {
    server = new GcsServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** How creating fails if the server answers like this, once it has shown that it is good. */
  private IOException failure(Answer answer) throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      store.create("locks/first", BODY);
      server.answer(request -> Optional.of(answer));
      IOException failure = assertThrows(IOException.class, () -> store.create("config", BODY));
      assertFalse(failure.toString().contains(Stores.TOKEN));
      return failure;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid,Invalid argument,invalid",
    "400,userProjectMissing,Bucket is requester pays bucket,'project'",
    "403,retentionPolicyNotMet,Object is subject to retention,retention",
    "403,objectUnderActiveHold,Object is under active hold,hold",
    "404,notFound,The specified bucket does not exist.,make the bucket",
    "501,notImplemented,Not here,notImplemented"
  })
  void create_refusedForGood_saysWhatToDo(int status, String reason, String said, String word)
      throws IOException {
    IOException failure = failure(Answer.error(status, reason, said));

    assertInstanceOf(RefusedException.class, failure);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(word), message);
    assertTrue(message.contains("create config in gs://bucket/pre/fix"), message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void create_denied_isAnAccessDeniedException() throws IOException {
    IOException failure =
        failure(Answer.error(403, "forbidden", "x does not have storage.objects.create access"));

    assertInstanceOf(AccessDeniedException.class, failure);
    assertTrue(String.valueOf(failure.getMessage()).contains("storage.objects.create"));
  }

  @ParameterizedTest
  @CsvSource({
    "429,rateLimitExceeded",
    "503,backendError",
    "403,rateLimitExceeded",
    "403,userRateLimitExceeded"
  })
  void create_throttled_asksToWait(int status, String reason) throws IOException {
    IOException failure = failure(Answer.error(status, reason, "Slow").with("Retry-After", "7"));

    assertEquals(
        Duration.ofSeconds(7), assertInstanceOf(ThrottledException.class, failure).pause());
  }

  @ParameterizedTest
  @CsvSource({
    "500,internalError,Backend",
    "502,badGateway,Gateway",
    "408,requestTimeout,Slow",
    "409,conflict,Busy",
    "400,invalid,Provided CRC32C does not match",
    "400,parseError,Parse Error"
  })
  void create_passingTrouble_mayBeTriedAgain(int status, String reason, String said)
      throws IOException {
    assertEquals(IOException.class, failure(Answer.error(status, reason, said)).getClass());
  }

  @Test
  void create_answerIsNoJson_mayBeTriedAgain() throws IOException {
    IOException failure =
        failure(
            new Answer(
                502,
                Map.of("Content-Type", "text/html"),
                "<h1>Bad Gateway</h1>".getBytes(StandardCharsets.US_ASCII)));

    assertEquals(IOException.class, failure.getClass());
  }

  @Test
  void create_serverIgnoresConditions_isRefusedBeforeAnythingIsWritten() throws IOException {
    server.api().ignoreConditions();
    try (GcsStore store = Stores.of(server).build()) {
      RefusedException refused =
          assertThrows(RefusedException.class, () -> store.create("config", BODY));

      assertTrue(String.valueOf(refused.getMessage()).contains("ifGenerationMatch"));
      assertEquals(List.of(), store.list("", "").items());
    }
  }

  @Test
  void create_askedOnceWhetherConditionsHold_notAgain() throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      store.create("config", BODY);
      store.create("log/0", BODY);
    }
    assertEquals(Map.of("CREATE", 4L), server.counts());
    server.forgetCounts();
    try (GcsStore store = Stores.of(server).build()) {
      store.create("log/1", BODY);
    }
    assertEquals(Map.of("CREATE", 2L), server.counts());
  }

  private JsonObject created(UnaryOperator<GcsStoreBuilder> how, String key, Body body)
      throws IOException {
    try (GcsStore store = how.apply(Stores.of(server)).build()) {
      store.create(key, body);
    }
    return resource(key);
  }

  private JsonObject resource(String key) {
    return JsonParser.parseString(server.api().resource("pre/fix/" + key)).getAsJsonObject();
  }

  @Test
  void create_storageClass_isForColdItemsOnly() throws IOException {
    UnaryOperator<GcsStoreBuilder> archive = store -> store.storageClass("archive");

    JsonObject cold = created(archive, "packs/aa/x", BODY.cold());
    JsonObject other = created(archive, "packs/aa/y", BODY);

    assertEquals("ARCHIVE", cold.get("storageClass").getAsString());
    assertEquals("STANDARD", other.get("storageClass").getAsString());
  }

  @Test
  void create_keyOfTheServers_isAskedFor() throws IOException {
    String key = "projects/p/locations/eu/keyRings/r/cryptoKeys/k";

    JsonObject item = created(store -> store.kmsKey(key), "config", BODY);

    assertTrue(item.get("kmsKeyName").getAsString().startsWith(key));
  }

  @Test
  void create_retention_isForWhatCannotBeMadeAgain() throws IOException {
    UnaryOperator<GcsStoreBuilder> retained = store -> store.retention("locked", 30);
    for (String key : List.of("config", "keys/1", "log/0", "packs/aa/x")) {
      JsonObject retention = created(retained, key, BODY).getAsJsonObject("retention");
      assertEquals("Locked", retention.get("mode").getAsString());
      assertLeft(30, retention, key);
    }
    for (String key : List.of("index/1", "checkpoints/1", "locks/1")) {
      assertFalse(created(retained, key, BODY).has("retention"), key);
    }
  }

  private static void assertLeft(int days, JsonObject retention, String what) {
    Instant until = Instant.parse(retention.get("retainUntilTime").getAsString());
    Duration left = Duration.between(Instant.now(), until);
    assertTrue(left.toDays() >= days - 1 && left.toDays() <= days, what + " " + until);
  }

  @Test
  void protect_retained_countsFromNowOn() throws IOException {
    created(store -> store.retention("unlocked", 3), "config", BODY);
    try (GcsStore store = Stores.of(server).retention("locked", 30).build()) {
      assertEquals(Optional.of(Duration.ofDays(30)), store.protection());
      store.protect("config");
    }
    JsonObject retention = resource("config").getAsJsonObject("retention");
    assertEquals("Locked", retention.get("mode").getAsString());
    assertLeft(30, retention, "config");
    assertEquals("application/octet-stream", resource("config").get("contentType").getAsString());
  }

  @Test
  void protect_keptForLongerAlready_isFine() throws IOException {
    created(store -> store.retention("locked", 40), "config", BODY);
    try (GcsStore store = Stores.of(server).retention("locked", 30).build()) {
      store.protect("config");
      assertThrows(NoSuchFileException.class, () -> store.protect("log/7"));
    }
    assertLeft(40, resource("config").getAsJsonObject("retention"), "config");
  }

  @Test
  void protect_forbidden_saysSo() throws IOException {
    created(store -> store.retention("locked", 3), "config", BODY);
    try (GcsStore store = Stores.of(server).retention("locked", 30).build()) {
      server.spoil(request -> request.method().equals("PATCH") ? Fault.ANSWER_403 : Fault.NONE);
      assertThrows(AccessDeniedException.class, () -> store.protect("config"));
    }
  }

  @Test
  void retention_notAskedFor_isNone() throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      assertEquals(Optional.empty(), store.protection());
    }
  }

  @Test
  void delete_retained_isRefusedAndSaysWhy() throws IOException {
    created(store -> store.retention("locked", 30), "config", BODY);
    try (GcsStore store = Stores.of(server).build()) {
      RefusedException refused = assertThrows(RefusedException.class, () -> store.delete("config"));
      assertTrue(String.valueOf(refused.getMessage()).contains("docs/stores.md"));
    }
  }

  @ParameterizedTest
  @CsvSource({"temporary,temporaryHold", "event-based,eventBasedHold"})
  void delete_held_needsWhoLiftsTheHold(String kind, String property) throws IOException {
    JsonObject item = created(store -> store.hold(kind), "packs/aa/x", BODY);
    assertTrue(item.get(property).getAsBoolean());
    assertFalse(created(store -> store.hold(kind), "index/1", BODY).has(property));
    try (GcsStore other = Stores.of(server).build()) {
      assertThrows(RefusedException.class, () -> other.delete("packs/aa/x"));
    }
    try (GcsStore pruner = Stores.of(server).hold(kind).build()) {
      pruner.delete("packs/aa/x");
      pruner.delete("packs/aa/x");
      pruner.delete("index/1");
      assertEquals(List.of(), pruner.list("", "").items());
    }
  }

  @Test
  void create_itemIsThere_isRefusedWhateverItsRetention() throws IOException {
    created(store -> store.retention("locked", 30), "config", BODY);
    try (GcsStore store = Stores.of(server).retention("locked", 30).build()) {
      assertThrows(FileAlreadyExistsException.class, () -> store.create("config", BODY));
    }
  }

  @Test
  void create_body_isSentAsItIsAndOfKnownLength() throws IOException {
    byte[] repeated = new byte[100_000];
    server.spoil(
        request -> {
          boolean plain =
              request.header("Content-Encoding").isEmpty()
                  && request.header("Transfer-Encoding").isEmpty()
                  && request.header("Content-Length").isPresent();
          return plain ? Fault.NONE : Fault.ANSWER_403;
        });
    assertEquals(
        "100000",
        created(store -> store, "packs/aa/x", Body.of(repeated)).get("size").getAsString());
    assertTrue(server.bytes() >= 100_000);
  }

  @Test
  void anyCall_project_isNamedAsWhoPays() throws IOException {
    server.spoil(
        request ->
            request.header("X-Goog-User-Project").equals(Optional.of("acme"))
                ? Fault.NONE
                : Fault.ANSWER_403);
    try (GcsStore store = Stores.of(server).project("acme").build()) {
      store.create("config", BODY);
      store.read("config", 0, ByteBuffer.allocate(4));
      assertEquals(1, store.list("", "").items().size());
    }
  }

  @Test
  void anyCall_tokenIsRefused_saysSoWithoutShowingIt() throws IOException {
    server.api().requireToken("another");
    try (GcsStore store = Stores.of(server).build()) {
      RefusedException refused = assertThrows(RefusedException.class, () -> store.list("", ""));
      assertFalse(refused.toString().contains(Stores.TOKEN));
      assertTrue(String.valueOf(refused.getMessage()).contains("token"), refused.toString());
    }
  }

  @Test
  void anyCall_anonymous_bearsNoCredentials() throws IOException {
    server.spoil(
        request -> request.header("Authorization").isEmpty() ? Fault.NONE : Fault.ANSWER_403);
    try (GcsStore store =
        GcsStore.builder().bucket("bucket").endpoint(server.endpoint()).anonymous().build()) {
      store.create("config", BODY);
      assertEquals("config", store.list("", "").items().get(0).key());
    }
  }

  @Test
  void anyCall_otherBucket_saysThatThereIsNone() throws IOException {
    try (GcsStore store = Stores.of(server).bucket("another").build()) {
      List.<org.junit.jupiter.api.function.Executable>of(
              () -> store.list("", ""),
              () -> store.create("config", BODY),
              () -> store.read("config", 0, ByteBuffer.allocate(1)))
          .forEach(
              call -> {
                RefusedException refused = assertThrows(RefusedException.class, call);
                assertTrue(String.valueOf(refused.getMessage()).contains("make the bucket"));
              });
    }
  }

  @Test
  void read_serverWithoutRanges_isRefused() throws IOException {
    server.api().ignoreRanges();
    try (GcsStore store = Stores.of(server).build()) {
      store.create("config", BODY);
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> store.read("config", 1, ByteBuffer.allocate(2)));
      assertTrue(String.valueOf(refused.getMessage()).contains("ranges"));
    }
  }

  @Test
  void read_otherRangeThanAskedFor_isNotTaken() throws IOException {
    try (GcsStore store = Stores.of(server).build()) {
      server.answer(
          request ->
              Optional.of(
                  new Answer(206, Map.of("Content-Range", "bytes 0-1/4"), new byte[] {1, 2})));
      IOException failure =
          assertThrows(IOException.class, () -> store.read("config", 1, ByteBuffer.allocate(2)));
      assertEquals(IOException.class, failure.getClass());
    }
  }

  @Test
  void anyCall_closed_isFinal() throws IOException {
    GcsStore store = Stores.of(server).build();
    store.close();
    store.close();
    assertThrows(ClosedChannelException.class, () -> store.list("", ""));
  }

  @Test
  void anyCall_nobodyThere_mayBeTriedAgain() throws IOException {
    // Another process may have taken the port of a server that was stopped; this one is nobody's.
    try (GcsStore store = Stores.of(server).endpoint("http://127.0.0.1:1").build()) {
      IOException failure = assertThrows(IOException.class, () -> store.list("", ""));
      assertEquals(IOException.class, failure.getClass());
    }
  }

  @Test
  void list_foreignNames_arePassedOver() throws IOException {
    try (GcsStore all = Stores.of(server).bucket("bucket").build();
        GcsStore store = Stores.of(server).build()) {
      all.create("pre/fix0", BODY);
      all.create("pre/fi", BODY);
      store.create("config", BODY);
      assertEquals(
          List.of("config"), store.list("", "").items().stream().map(Stored::key).toList());
    }
  }

  @Test
  void list_veryManyItems_showsEachOnceInConstantMemory() throws IOException {
    int count = Boolean.getBoolean("varve.deep") ? 1_000_000 : 50_000;
    server.answer(request -> Optional.of(numbered(request, count)));
    try (GcsStore store = Stores.of(server).build()) {
      int listed = 0;
      Page page = store.list("packs/", "");
      while (true) {
        for (Stored item : page.items()) {
          assertEquals(String.format("packs/%08d", listed++), item.key());
        }
        if (page.last()) {
          break;
        }
        page = store.list("packs/", String.format("packs/%08d", listed - 1));
      }
      assertEquals(count, listed);
      assertEquals(Map.of("LIST", (count + 999) / 1000L), server.counts());
    }
  }

  /** A page of a bucket that has so many items with ascending numbers. */
  private static Answer numbered(Request request, int count) {
    // A listing that goes on begins at the next possible name after the last one.
    int begin =
        request
            .parameter("startOffset")
            .map(name -> Integer.parseInt(name.replaceAll("[^0-9]", "").substring(0, 8)) + 1)
            .orElse(0);
    int end = Math.min(count, begin + 1000);
    JsonArray items = new JsonArray();
    for (int i = begin; i < end; i++) {
      JsonObject item = new JsonObject();
      item.addProperty("bucket", "bucket");
      item.addProperty("name", String.format("pre/fix/packs/%08d", i));
      item.addProperty("size", "7");
      item.addProperty("timeCreated", "2026-11-20T10:00:00.000Z");
      item.addProperty("updated", "2026-11-20T10:00:00.000Z");
      items.add(item);
    }
    JsonObject page = new JsonObject();
    page.add("items", items);
    if (end < count) {
      page.addProperty("nextPageToken", "more");
    }
    return Answer.json(200, page.toString());
  }
}
