package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.target.SnapshotContents;
import dev.varve.target.TargetContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Restores one index. Used by one thread. */
final class IndexRestore {

  private static final Pattern UNKNOWN_SETTING =
      Pattern.compile("(?:unknown setting|unknown settings|private index setting) \\[([^\\]]+)\\]");

  /** What swapping appends to names, and takes away again the next time. */
  private static final Pattern BESIDE = Pattern.compile("-varve-[0-9]{14}$");

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  private final Connection connection;
  private final TargetSettings settings;
  private final SnapshotContents contents;
  private final TargetContext context;
  private final StoredIndex stored;
  private final String wanted;
  private final String written;
  private final boolean swapping;
  private final Set<EntryPath> broken = new HashSet<>();

  IndexRestore(
      Connection connection,
      Cluster cluster,
      TargetSettings settings,
      SnapshotContents contents,
      TargetContext context,
      StoredIndex stored) {
    this.connection = connection;
    this.settings = settings;
    this.contents = contents;
    this.context = context;
    this.stored = stored;
    this.swapping = settings.mode() == ElasticsearchTarget.Mode.SWAP;
    String renamed = settings.renamed(stored.name());
    this.wanted = swapping ? BESIDE.matcher(renamed).replaceFirst("") : renamed;
    this.written =
        swapping ? wanted + "-varve-" + STAMP.format(ZonedDateTime.now(ZoneOffset.UTC)) : wanted;
  }

  void run() throws IOException {
    Set<String> there = indicesBehind(wanted);
    boolean isAlias = !there.isEmpty() && !there.equals(Set.of(wanted));
    ElasticsearchTarget.Mode mode = settings.mode();
    if (!there.isEmpty() && mode == ElasticsearchTarget.Mode.REFUSE) {
      refuse("index " + wanted + " is there already; choose to merge, purge or swap, or rename it");
      return;
    }
    if (isAlias && !swapping) {
      refuse(wanted + " is no index there, but leads to " + there + "; rename it, or swap");
      return;
    }
    if (context.dryRun()) {
      stored.entries().forEach(context::restored);
      return;
    }
    if (mode == ElasticsearchTarget.Mode.MERGE && !there.isEmpty()) {
      merge();
    } else {
      if (mode == ElasticsearchTarget.Mode.PURGE && !there.isEmpty()) {
        connection.change(Call.delete("/" + Call.step(wanted)));
      }
      make(there, isAlias);
    }
  }

  private void refuse(String why) {
    stored.entries().forEach(entry -> context.warn(entry.path(), "Not restored: " + why));
  }

  /** Makes a new index and loads it. */
  private void make(Set<String> there, boolean isAlias) throws IOException {
    IndexSettings index = create(IndexSettings.of(definition("settings.json")));
    boolean whole = false;
    try {
      long documents = load(BulkLoader.Writing.NEW);
      whole = isCounted(documents);
    } finally {
      if (swapping && !whole) {
        connection.change(Call.delete("/" + Call.step(written)));
      } else {
        set(index.afterwards());
      }
    }
    if (swapping && !whole) {
      refuse("index " + wanted + " stays as it was");
      return;
    }
    aliases(there, isAlias);
    report();
  }

  /** Writes into the index that is there. */
  private void merge() throws IOException {
    if (settings.parts().contains(ElasticsearchTarget.Part.INDICES)) {
      try {
        connection.change(
            Call.put("/" + Call.step(written) + "/_mapping", definition("mappings.json")));
      } catch (ServerException e) {
        broken(stored.path("mappings.json"), "The mappings do not fit: " + e.getMessage());
      }
    }
    Map<String, RawJson> before = new LinkedHashMap<>();
    RawJson now =
        connection
            .ask(Call.get("/" + Call.step(written) + "/_settings?flat_settings=true"))
            .at(written, "settings");
    before.put(IndexSettings.REFRESH, now.find(IndexSettings.REFRESH).orElse(RawJson.of("null")));
    set(Map.of(IndexSettings.REFRESH, RawJson.of("\"-1\"")));
    try {
      load(BulkLoader.Writing.OVER);
    } finally {
      set(before);
    }
    connection.ask(Call.post("/" + Call.step(written) + "/_refresh"));
    aliases(Set.of(written), false);
    report();
  }

  private IndexSettings create(IndexSettings index) throws IOException {
    IndexSettings made = index;
    Set<String> unknown = new HashSet<>();
    while (true) {
      Map<String, RawJson> body = new LinkedHashMap<>();
      body.put("settings", RawJson.object(made.creation()));
      body.put("mappings", definition("mappings.json"));
      try {
        connection.change(
            Call.put("/" + Call.step(written) + "?wait_for_active_shards=1", RawJson.object(body)));
        return made;
      } catch (ServerException e) {
        Matcher matcher = UNKNOWN_SETTING.matcher(String.valueOf(e.getMessage()));
        if (e.status() != 400 || !matcher.find() || !unknown.add(matcher.group(1))) {
          throw e;
        }
        broken(
            stored.path("settings.json"),
            "The cluster does not know the setting " + matcher.group(1) + ", which is left out");
        made = made.without(unknown);
      }
    }
  }

  private void set(Map<String, RawJson> values) throws IOException {
    connection.change(Call.put("/" + Call.step(written) + "/_settings", RawJson.object(values)));
  }

  /** Loads all documents and answers how many there must be. */
  private long load(BulkLoader.Writing writing) throws IOException {
    if (!settings.parts().contains(ElasticsearchTarget.Part.DOCUMENTS)) {
      return -1;
    }
    try (BulkLoader loader = new BulkLoader(connection, written, writing, settings, context)) {
      for (Entry entry : stored.documents()) {
        try (InputStream in = contents.open(entry.path())) {
          if (!loader.load(entry.path(), in)) {
            broken.add(entry.path());
          }
        }
      }
      context.count("documents", loader.written());
      return loader.refused() > 0 ? -2 : loader.written();
    }
  }

  /** Whether the index holds what was loaded; -1 is nothing, and -2 not all. */
  private boolean isCounted(long documents) throws IOException {
    if (documents < 0) {
      return documents == -1;
    }
    String step = "/" + Call.step(written);
    connection.ask(Call.post(step + "/_refresh"));
    long counted = connection.ask(Call.get(step + "/_count")).at("count").number();
    if (counted != documents) {
      stored
          .documents()
          .forEach(
              entry ->
                  broken(
                      entry.path(),
                      "Index "
                          + written
                          + " counts "
                          + counted
                          + " documents where "
                          + documents
                          + " were loaded"));
      return false;
    }
    return true;
  }

  private void aliases(Set<String> there, boolean isAlias) throws IOException {
    List<RawJson> actions = new ArrayList<>();
    if (swapping) {
      for (String index : there) {
        String old = "\"index\":" + RawJson.string(index);
        actions.add(
            RawJson.of(
                isAlias
                    ? "{\"remove\":{" + old + ",\"alias\":" + RawJson.string(wanted) + "}}"
                    : "{\"remove_index\":{" + old + "}}"));
      }
      actions.add(alias(wanted, RawJson.of("{}")));
    }
    if (settings.parts().contains(ElasticsearchTarget.Part.ALIASES)) {
      for (Map.Entry<String, RawJson> alias : definition("aliases.json").fields().entrySet()) {
        String name = settings.renamed(alias.getKey());
        if (settings.renamed().isPresent() && name.equals(alias.getKey())) {
          context.count("aliases left out, as they are not renamed", 1);
        } else if (!swapping || !name.equals(wanted)) {
          actions.add(alias(name, alias.getValue()));
        }
      }
    }
    if (actions.isEmpty()) {
      return;
    }
    try {
      connection.change(
          Call.post("/_aliases", RawJson.of("{\"actions\":" + RawJson.list(actions) + "}")));
    } catch (ServerException e) {
      broken(stored.path("aliases.json"), "The aliases do not fit: " + e.getMessage());
    }
  }

  private RawJson alias(String name, RawJson stored) throws IOException {
    Map<String, RawJson> fields = new LinkedHashMap<>();
    fields.put("index", RawJson.string(written));
    fields.put("alias", RawJson.string(name));
    fields.putAll(stored.fields());
    return RawJson.object(Map.of("add", RawJson.object(fields)));
  }

  private void report() {
    for (Entry entry : stored.entries()) {
      if (!broken.contains(entry.path())) {
        context.restored(entry);
      }
    }
  }

  private void broken(EntryPath path, String message) {
    broken.add(path);
    context.warn(path, message);
  }

  private RawJson definition(String file) throws IOException {
    try (InputStream in = contents.open(stored.path(file))) {
      return RawJson.of(in.readAllBytes());
    }
  }

  /** The indices a name leads to: the one it is of, or those behind an alias or data stream. */
  private Set<String> indicesBehind(String name) throws IOException {
    Optional<RawJson> found =
        connection.askIfThere(
            Call.get("/" + Call.step(name) + "/_settings/index.uuid?flat_settings=true"));
    return found.isEmpty() ? Set.of() : Set.copyOf(found.get().fields().keySet());
  }
}
