package dev.varve.source.elasticsearch;

import dev.varve.Entry;
import dev.varve.EntryPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
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

  private static final Pattern IN_BRACKETS = Pattern.compile("\\[([a-z][A-Za-z0-9_.-]+)\\]");

  /** What swapping appends to names, and takes away again the next time. */
  private static final Pattern BESIDE = Pattern.compile("-varve-[0-9]{14}$");

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  /** Instead of a number of documents: none were wanted. */
  private static final long NOTHING = -1;

  /** Instead of a number of documents: some are missing. */
  private static final long NOT_ALL = -2;

  private final RestoreScope scope;
  private final StoredIndex stored;
  private final boolean swapping;
  private final String wanted;
  private final Set<EntryPath> broken = new HashSet<>();

  IndexRestore(RestoreScope scope, StoredIndex stored) {
    this.scope = scope;
    this.stored = stored;
    this.swapping = scope.isMode(ElasticsearchTarget.Mode.SWAP);
    String renamed = scope.settings().renamed(stored.name());
    this.wanted = swapping ? base(renamed) : renamed;
  }

  void run() throws IOException {
    if (!Names.isOfOneThing(wanted)) {
      refuse("no index can be called '" + wanted + "'");
      return;
    }
    try {
      restore();
    } catch (ServerException | NoSuchFileException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void restore() throws IOException {
    Set<String> there = indicesBehind(wanted);
    if (!scope.wants(ElasticsearchTarget.Part.INDICES)) {
      addTo(there);
    } else if (!there.isEmpty() && scope.isMode(ElasticsearchTarget.Mode.REFUSE)) {
      refuse("index " + wanted + " is there already; choose to merge, purge or swap, or rename it");
    } else if (!there.isEmpty() && !swapping && !isOne(there)) {
      refuse(wanted + " is no index there, but leads to " + there + "; rename it, or swap");
    } else if (scope.context().dryRun()) {
      stored.entries().forEach(scope.context()::restored);
    } else if (!there.isEmpty() && scope.isMode(ElasticsearchTarget.Mode.MERGE)) {
      merge(there.iterator().next());
    } else if (swapping || !there.isEmpty()) {
      String beside = wanted + "-varve-" + STAMP.format(ZonedDateTime.now(ZoneOffset.UTC));
      make(beside, there);
    } else {
      make(wanted, there);
    }
  }

  /** Whether a name leads to one index: of that name, or one that was swapped in under it. */
  private boolean isOne(Set<String> there) {
    return there.size() == 1 && base(there.iterator().next()).equals(wanted);
  }

  private static String base(String name) {
    return BESIDE.matcher(name).replaceFirst("");
  }

  private void refuse(String why) {
    stored.entries().forEach(entry -> scope.refuse(entry, why));
  }

  /** Restores documents or aliases without the index they belong to. */
  private void addTo(Set<String> there) throws IOException {
    if (there.size() != 1) {
      refuse("there is no index " + wanted + ", and none is made, as only parts of it are wanted");
    } else if (scope.wants(ElasticsearchTarget.Part.DOCUMENTS)
        && !scope.isMode(ElasticsearchTarget.Mode.MERGE)) {
      refuse("index " + wanted + " is there already; choose to merge its documents");
    } else if (scope.context().dryRun()) {
      stored.entries().forEach(scope.context()::restored);
    } else {
      merge(there.iterator().next());
    }
  }

  /**
   * Makes a new index, loads it and gives it its names. What it replaces, if anything, stays until
   * the new one is complete, and for good if it is not.
   */
  private void make(String index, Set<String> replaced) throws IOException {
    boolean beside = !index.equals(wanted);
    IndexSettings settings = create(index);
    dropNames(index);
    warnIfWithoutDocuments();
    String uuid = uuid(index);
    boolean whole =
        RestoreScope.tidied(
            () -> isLoaded(index, uuid),
            done -> {
              if (beside && !done.orElse(false)) {
                scope.tidying().change(Call.delete("/" + Call.step(index)));
              } else if (!beside || swapping) {
                scope.set(scope.tidying(), index, settings.afterwards());
              }
            });
    if (beside && !whole) {
      refuse("the documents are not complete, so that " + wanted + " stays as it was");
      return;
    }
    if (beside && !swapping) {
      takePlace(index, replaced, settings);
    } else {
      names(index, replaced, swapping);
    }
    report();
  }

  private void takePlace(String beside, Set<String> replaced, IndexSettings settings)
      throws IOException {
    Optional<String> problem =
        new Replacement(scope, beside, wanted, settings.afterwards()).of(replaced);
    problem.ifPresent(why -> broken(stored.path("settings.json"), why));
    names(problem.isPresent() ? beside : wanted, Set.of(), problem.isPresent());
  }

  /** Writes into the index that is there. */
  private void merge(String index) throws IOException {
    if (scope.wants(ElasticsearchTarget.Part.INDICES)) {
      EntryPath mappings = stored.path("mappings.json");
      try {
        Call put = Call.put("/" + Call.step(index) + "/_mapping", scope.json(mappings));
        scope.connection().ask(put);
      } catch (ServerException e) {
        broken(mappings, "The mappings do not fit: " + e.getMessage());
      }
    }
    RawJson now =
        scope
            .connection()
            .ask(Call.get("/" + Call.step(index) + "/_settings?flat_settings=true"))
            .at(index, "settings");
    RawJson refresh = now.find(IndexSettings.REFRESH).orElse(RawJson.of("null"));
    scope.set(scope.connection(), index, Map.of(IndexSettings.REFRESH, RawJson.of("\"-1\"")));
    RestoreScope.tidied(
        () -> load(index, BulkSender.Writing.OVER),
        done -> scope.set(scope.tidying(), index, Map.of(IndexSettings.REFRESH, refresh)));
    scope.count(index);
    names(index, Set.of(), swapping);
    report();
  }

  private IndexSettings create(String index) throws IOException {
    IndexSettings settings =
        IndexSettings.of(scope.json(stored.path("settings.json")))
            .fitting(scope.cluster().opensearch());
    RawJson mappings = scope.json(stored.path("mappings.json"));
    Set<String> unknown = new HashSet<>();
    while (true) {
      Map<String, RawJson> body = new LinkedHashMap<>();
      body.put("settings", RawJson.object(settings.creation()));
      body.put("mappings", mappings);
      try {
        scope.connection().change(Call.put("/" + Call.step(index), RawJson.object(body)));
        return settings;
      } catch (ServerException e) {
        String said = String.valueOf(e.getMessage());
        Optional<String> setting = named(said, settings);
        if (e.status() != 400 || setting.isEmpty() || !unknown.add(setting.get())) {
          throw e;
        }
        broken(
            stored.path("settings.json"),
            "The cluster does not take the setting " + setting.get() + ", left out: " + said);
        settings = settings.without(unknown);
      }
    }
  }

  /** The setting that an error is about. */
  private static Optional<String> named(String said, IndexSettings settings) {
    for (Matcher word = IN_BRACKETS.matcher(said); word.find(); ) {
      if (settings.creation().containsKey(word.group(1))) {
        return Optional.of(word.group(1));
      }
    }
    return Optional.empty();
  }

  /** Loads all documents and answers how many there must be. */
  private long load(String index, BulkSender.Writing writing) throws IOException {
    if (!scope.wants(ElasticsearchTarget.Part.DOCUMENTS)) {
      return NOTHING;
    }
    try (BulkLoader loader = new BulkLoader(scope, index, writing)) {
      for (Entry entry : stored.documents()) {
        loader.load(entry.path());
      }
      loader.finish();
      broken.addAll(loader.broken());
      scope.context().count("documents", loader.written());
      return loader.broken().isEmpty() ? loader.written() : NOT_ALL;
    }
  }

  /** Says so where a backup had to leave out the documents. */
  private void warnIfWithoutDocuments() throws IOException {
    EntryPath settings = stored.path("settings.json");
    EntryPath mappings = stored.path("mappings.json");
    Optional<RawJson> closed = scope.json(settings).find("index.verified_before_close");
    Optional<RawJson> source = scope.json(mappings).find("_source", "enabled");
    if (!stored.documents().isEmpty() || !scope.wants(ElasticsearchTarget.Part.DOCUMENTS)) {
      return;
    }
    if (closed.isPresent() && closed.get().isTrue()) {
      broken(settings, "Restored empty: the index was closed when it was backed up");
    } else if (source.isPresent() && source.get().text().equals("false")) {
      broken(mappings, "Restored empty: the index keeps no _source to back up");
    }
  }

  /** Templates of the cluster may have given a new index names, which it gets only when loaded. */
  private void dropNames(String index) throws IOException {
    RawJson given =
        scope.connection().ask(Call.get("/" + Call.step(index) + "/_alias")).at(index, "aliases");
    List<RawJson> actions = new ArrayList<>();
    given.fields().keySet().forEach(alias -> actions.add(Aliases.removed(index, alias)));
    Aliases.add(scope, index, RawJson.of("{}"), actions);
  }

  private boolean isLoaded(String index, String uuid) throws IOException {
    long documents = load(index, BulkSender.Writing.NEW);
    return documents < 0 ? documents == NOTHING : isCounted(index, uuid, documents);
  }

  /** Whether the index holds what was loaded. */
  private boolean isCounted(String index, String uuid, long documents) throws IOException {
    long counted = scope.count(index);
    if (counted == documents && uuid(index).equals(uuid)) {
      return true;
    }
    String why =
        counted == documents
            ? "Index " + index + " was replaced by somebody else while it was loaded"
            : "Index "
                + index
                + " counts "
                + counted
                + " documents where "
                + documents
                + " were loaded";
    stored.documents().forEach(entry -> broken(entry.path(), why));
    return false;
  }

  /**
   * Gives the index its names, and takes them from those it replaces, all at once.
   *
   * @param asAlias whether the wanted name is one of them
   */
  private void names(String index, Set<String> replaced, boolean asAlias) throws IOException {
    List<RawJson> actions = new ArrayList<>();
    for (String old : replaced) {
      actions.add(
          base(old).equals(wanted) ? Aliases.removedIndex(old) : Aliases.removed(old, wanted));
    }
    if (asAlias) {
      actions.add(Aliases.added(index, wanted, RawJson.of("{}")));
    }
    EntryPath path = stored.path("aliases.json");
    try {
      Aliases.add(scope, index, aliases(path), actions);
    } catch (ServerException e) {
      broken(path, "The names were not given: " + e.getMessage());
      if (asAlias) {
        throw e;
      }
    }
  }

  /** The aliases of the snapshot, without the one that swapping gives. */
  private RawJson aliases(EntryPath path) throws IOException {
    if (!scope.wants(ElasticsearchTarget.Part.ALIASES)) {
      return RawJson.of("{}");
    }
    Map<String, RawJson> all = new LinkedHashMap<>(scope.jsonOrNothing(path).fields());
    if (swapping) {
      all.keySet().removeIf(alias -> scope.settings().renamed(alias).equals(wanted));
    }
    return RawJson.object(all);
  }

  private void report() {
    for (Entry entry : stored.entries()) {
      if (!broken.contains(entry.path())) {
        scope.context().restored(entry);
      }
    }
  }

  private void broken(EntryPath path, String message) {
    broken.add(path);
    scope.context().warn(path, message);
  }

  private String uuid(String index) throws IOException {
    return scope
        .connection()
        .ask(Call.get(uuidPath(index)))
        .at(index, "settings", "index.uuid")
        .text();
  }

  /** The indices a name leads to: the one it is of, or those behind an alias or data stream. */
  private Set<String> indicesBehind(String name) throws IOException {
    Optional<RawJson> found = scope.connection().askIfThere(Call.get(uuidPath(name)));
    return found.isEmpty() ? Set.of() : Set.copyOf(found.get().fields().keySet());
  }

  private static String uuidPath(String name) {
    return "/" + Call.step(name) + "/_settings/index.uuid?flat_settings=true";
  }
}
