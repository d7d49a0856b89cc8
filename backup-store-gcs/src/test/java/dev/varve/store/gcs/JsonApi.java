package dev.varve.store.gcs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google Cloud Storage's JSON API on one bucket in memory. Whatever is asked in another way than
 * documented is refused: unknown parameters and properties, bodies that do not add up, parts
 * without an end. Safe for use by many threads.
 */
public final class JsonApi {

  private static final String OBJECTS = "/storage/v1/b/bucket/o";
  private static final String UPLOADS = "/upload/storage/v1/b/bucket/o";
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)?");

  private static final Set<String> ALWAYS =
      Set.of("alt", "fields", "prettyPrint", "projection", "userProject", "quotaUser");
  private static final Set<String> INSERTING =
      Set.of("uploadType", "upload_id", "name", "ifGenerationMatch", "kmsKeyName");
  private static final Set<String> LISTING =
      Set.of("prefix", "startOffset", "endOffset", "maxResults", "pageToken", "versions");
  private static final Set<String> ONE = Set.of("generation", "ifGenerationMatch");
  private static final Set<String> PROPERTIES =
      Set.of(
          "bucket",
          "name",
          "contentType",
          "crc32c",
          "storageClass",
          "temporaryHold",
          "eventBasedHold",
          "retention");
  private static final Set<String> CLASSES = Set.of("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE");

  private final String endpoint;
  private final NavigableMap<String, Item> items = new TreeMap<>();
  private final Map<String, Upload> uploads = new HashMap<>();
  private long generation = 1_700_000_000_000_000L;
  private Optional<String> token = Optional.empty();
  private int pageSize = 1000;
  private boolean emptyPages;
  private boolean ignoringConditions;
  private boolean ignoringRanges;

  /** A resumable upload: what is known of it so far. */
  private record Upload(JsonObject properties, Map<String, String> query, byte[] sofar) {}

  JsonApi(String endpoint) {
    this.endpoint = endpoint;
  }

  /** From now on requests must bear this token. */
  public synchronized void requireToken(String token) {
    this.token = Optional.of(token);
  }

  /** Shows fewer on a page than it could, and on the first of each listing none at all. */
  public synchronized void smallPages(int size) {
    pageSize = size;
    emptyPages = true;
  }

  /** Shows as many on a page as it can. */
  public synchronized void wholePages() {
    pageSize = 1000;
    emptyPages = false;
  }

  /** Writes whatever there is, as a server that knows no conditions. */
  public synchronized void ignoreConditions() {
    ignoringConditions = true;
  }

  /** Sends all of an object, as a server that knows no ranges. */
  public synchronized void ignoreRanges() {
    ignoringRanges = true;
  }

  /** An object's resource, as JSON. */
  public synchronized String resource(String name) {
    return find(name).resource().toString();
  }

  /** What the answer to a request is. */
  synchronized Answer answer(Request request) {
    try {
      if (request.path().equals("/token")) {
        return Answer.json(
            200,
            "{\"access_token\":\""
                + token.orElse("any")
                + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");
      }
      requireAuthorized(request);
      return route(request);
    } catch (Refusal refusal) {
      return refusal.answer();
    } catch (JsonParseException | IllegalStateException | ClassCastException e) {
      return Refusal.bad("Parse Error").answer();
    }
  }

  private void requireAuthorized(Request request) {
    Optional<String> expected = token.map(word -> "Bearer " + word);
    if (expected.isPresent() && !request.header("Authorization").equals(expected)) {
      throw new Refusal(401, "authError", "Invalid Credentials");
    }
  }

  private Answer route(Request request) {
    String method = request.header("X-HTTP-Method-Override").orElse(request.method());
    String path = request.path();
    if (path.startsWith("/download/") && !request.isMedia()) {
      throw Refusal.bad("Only media can be downloaded");
    }
    path = path.replaceFirst("^/download", "");
    if (path.equals(UPLOADS)) {
      return method.equals("PUT") ? resume(request) : insert(request);
    }
    if (path.equals(OBJECTS) && method.equals("GET")) {
      return list(request);
    }
    if (path.startsWith(OBJECTS + "/") && path.indexOf('/', OBJECTS.length() + 1) < 0) {
      String name = Request.decoded(path.substring(OBJECTS.length() + 1).replace("+", "%2B"));
      return switch (method) {
        case "GET" -> get(request, name);
        case "DELETE" -> delete(request, name);
        case "PATCH" -> patch(request, name);
        default -> throw new Refusal(405, "methodNotAllowed", method);
      };
    }
    if (path.startsWith("/storage/v1/b/") || path.startsWith("/upload/storage/v1/b/")) {
      throw new Refusal(404, "notFound", "The specified bucket does not exist.");
    }
    throw new Refusal(404, "notFound", "Not Found");
  }

  private static void requireKnown(Request request, Set<String> parameters) {
    for (String name : request.query().keySet()) {
      if (!ALWAYS.contains(name) && !parameters.contains(name)) {
        throw Refusal.bad("Unknown parameter " + name);
      }
    }
  }

  private Answer insert(Request request) {
    requireKnown(request, INSERTING);
    if (request.header("Content-Encoding").isPresent()) {
      throw Refusal.bad("What is encrypted gains nothing by another encoding");
    }
    switch (request.parameter("uploadType").orElse("")) {
      case "media" -> {
        JsonObject properties = new JsonObject();
        request
            .header("Content-Type")
            .ifPresent(type -> properties.addProperty("contentType", type));
        return create(properties, request.query(), request.body());
      }
      case "multipart" -> {
        Multipart parts = Multipart.of(request);
        return create(properties(parts.first()), request.query(), parts.second());
      }
      case "resumable" -> {
        JsonObject properties = properties(request.text());
        requireGeneration(request.query(), name(properties, request.query()));
        String id = "upload-" + ++generation;
        uploads.put(id, new Upload(properties, request.query(), new byte[0]));
        return Answer.empty(200)
            .with("Location", endpoint + UPLOADS + "?uploadType=resumable&upload_id=" + id);
      }
      default -> throw Refusal.bad("uploadType must be media, multipart or resumable");
    }
  }

  private Answer resume(Request request) {
    requireKnown(request, INSERTING);
    String id = request.parameter("upload_id").orElse("");
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw new Refusal(404, "notFound", "No such upload");
    }
    Matcher range =
        Pattern.compile("bytes (?:([0-9]+)-[0-9]+|\\*)/([0-9]+|\\*)")
            .matcher(request.header("Content-Range").orElse("bytes 0-0/*"));
    if (!range.matches()) {
      throw Refusal.bad("Content-Range");
    }
    byte[] all = upload.sofar();
    if (range.group(1) != null) {
      if (Long.parseLong(range.group(1)) != all.length) {
        throw Refusal.bad("A gap in an upload");
      }
      all = Arrays.copyOf(all, all.length + request.body().length);
      System.arraycopy(request.body(), 0, all, upload.sofar().length, request.body().length);
    }
    if (!range.group(2).equals(String.valueOf(all.length))) {
      uploads.put(id, new Upload(upload.properties(), upload.query(), all));
      return Answer.empty(308).with("Range", "bytes=0-" + (all.length - 1));
    }
    uploads.remove(id);
    return create(upload.properties(), upload.query(), all);
  }

  private static JsonObject properties(String json) {
    JsonObject properties = JsonParser.parseString(json).getAsJsonObject();
    for (String name : properties.keySet()) {
      if (!PROPERTIES.contains(name)) {
        throw Refusal.bad("Unknown property " + name);
      }
    }
    if (properties.has("storageClass")
        && !CLASSES.contains(properties.get("storageClass").getAsString())) {
      throw Refusal.bad("Unknown storage class");
    }
    return properties;
  }

  private static String name(JsonObject properties, Map<String, String> query) {
    String name =
        properties.has("name")
            ? properties.get("name").getAsString()
            : query.getOrDefault("name", "");
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > 1024 || name.matches("(?s).*[\r\n].*")) {
      throw Refusal.bad("Invalid object name");
    }
    return name;
  }

  private void requireGeneration(Map<String, String> query, String name) {
    String wanted = query.get("ifGenerationMatch");
    long there = items.containsKey(name) ? find(name).generation() : 0;
    if (wanted != null && !ignoringConditions && Long.parseLong(wanted) != there) {
      throw new Refusal(
          412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }
  }

  private Answer create(JsonObject properties, Map<String, String> query, byte[] bytes) {
    String name = name(properties, query);
    requireGeneration(query, name);
    if (items.containsKey(name)) {
      requireFree(find(name));
    }
    if (properties.has("crc32c")
        && !properties.get("crc32c").getAsString().equals(Item.crc32c(bytes))) {
      throw Refusal.bad("Provided CRC32C does not match the calculated one.");
    }
    Item item =
        new Item(
            "bucket",
            name,
            bytes,
            ++generation,
            Instant.now(),
            properties,
            Optional.ofNullable(query.get("kmsKeyName")));
    items.put(name, item);
    return Answer.json(200, item.resource().toString());
  }

  private Answer list(Request request) {
    requireKnown(request, LISTING);
    String prefix = request.parameter("prefix").orElse("");
    String from = request.parameter("startOffset").orElse("");
    Optional<String> pageToken = request.parameter("pageToken");
    if (pageToken.isPresent()) {
      from = new String(Base64.getDecoder().decode(pageToken.get()), StandardCharsets.UTF_8);
    }
    int most =
        Math.min(pageSize, Integer.parseInt(request.query().getOrDefault("maxResults", "1000")));
    List<Item> found =
        items.tailMap(from, true).values().stream()
            .filter(item -> item.name().startsWith(prefix))
            .limit(most + 1L)
            .toList();
    JsonObject page = new JsonObject();
    page.addProperty("kind", "storage#objects");
    JsonArray shown = new JsonArray();
    boolean emptied = emptyPages && pageToken.isEmpty() && !found.isEmpty();
    found.stream().limit(emptied ? 0 : most).forEach(item -> shown.add(item.resource()));
    if (!shown.isEmpty()) {
      page.add("items", shown);
    }
    boolean more = emptied || found.size() > most;
    if (more && request.parameter("fields").filter(f -> !f.contains("nextPageToken")).isEmpty()) {
      String next = found.get(emptied ? 0 : most).name();
      page.addProperty(
          "nextPageToken",
          Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8)));
    }
    return Answer.json(200, page.toString());
  }

  private Item find(String name) {
    Item item = items.get(name);
    if (item == null) {
      throw Refusal.missing("bucket/" + name);
    }
    return item;
  }

  private Answer get(Request request, String name) {
    requireKnown(request, ONE);
    Item item = find(name);
    if (request
        .parameter("generation")
        .filter(g -> Long.parseLong(g) != item.generation())
        .isPresent()) {
      throw Refusal.missing("bucket/" + name);
    }
    return request.isMedia() ? media(request, item) : Answer.json(200, item.resource().toString());
  }

  private Answer media(Request request, Item item) {
    byte[] bytes = item.bytes();
    Answer all =
        new Answer(
            200,
            Map.of(
                "Content-Type",
                "application/octet-stream",
                "X-Goog-Generation",
                String.valueOf(item.generation()),
                "X-Goog-Stored-Content-Length",
                String.valueOf(bytes.length),
                "X-Goog-Stored-Content-Encoding",
                "identity"),
            bytes);
    Optional<String> wanted = request.header("Range");
    if (wanted.isEmpty() || ignoringRanges) {
      return all;
    }
    Matcher range = RANGE.matcher(wanted.get());
    if (!range.matches()) {
      throw Refusal.bad("Range " + wanted.get());
    }
    long first = Long.parseLong(range.group(1));
    if (first >= bytes.length) {
      throw new Refusal(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
    }
    long last =
        range.group(2) == null
            ? bytes.length - 1
            : Math.min(Long.parseLong(range.group(2)), bytes.length - 1);
    return new Answer(206, all.headers(), Arrays.copyOfRange(bytes, (int) first, (int) last + 1))
        .with("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length);
  }

  private static void requireFree(Item item) {
    if (item.isHeld()) {
      throw new Refusal(403, "objectUnderActiveHold", "Object is under active hold");
    }
    if (item.isRetained()) {
      throw new Refusal(403, "retentionPolicyNotMet", "Object is subject to retention");
    }
  }

  private Answer delete(Request request, String name) {
    requireKnown(request, ONE);
    requireFree(find(name));
    items.remove(name);
    return Answer.empty(204);
  }

  private Answer patch(Request request, String name) {
    requireKnown(request, ONE);
    Item item = find(name);
    JsonObject properties = item.properties().deepCopy();
    JsonObject sent = JsonParser.parseString(request.text()).getAsJsonObject();
    if (sent.has("generation") && !sent.get("generation").isJsonNull()) {
      throw Refusal.bad("A generation is not to be changed: " + sent.get("generation"));
    }
    sent.remove("generation");
    JsonObject changes = properties(sent.toString());
    if (changes.has("retention")
        && item.isRetained()
        && item.retainedUntil().isAfter(Item.retainedUntil(changes))) {
      throw new Refusal(403, "objectRetentionCannotBeShortened", "Shortening is not allowed");
    }
    changes.entrySet().forEach(entry -> properties.add(entry.getKey(), entry.getValue()));
    Item changed =
        new Item(
            item.bucket(),
            name,
            item.bytes(),
            item.generation(),
            item.created(),
            properties,
            item.kmsKey());
    items.put(name, changed);
    return Answer.json(200, changed.resource().toString());
  }
}
