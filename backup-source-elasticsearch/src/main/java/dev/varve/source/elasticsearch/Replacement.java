package dev.varve.source.elasticsearch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has an index that was loaded beside others take their place and their name. An index cannot be
 * renamed, but one can be made from the files of another. Used by one thread.
 *
 * @param beside the index that was loaded, complete
 * @param wanted the name it shall have
 * @param afterwards the settings it shall have
 */
record Replacement(
    RestoreScope scope, String beside, String wanted, Map<String, RawJson> afterwards) {

  private static final String WRITE_BLOCK = "index.blocks.write";

  /**
   * Deletes what is replaced and makes an index of that name.
   *
   * @return why there is none, so that the name has to become an alias of {@link #beside}
   */
  Optional<String> of(Set<String> replaced) throws IOException {
    scope.set(scope.connection(), beside, Map.of(WRITE_BLOCK, RawJson.of("true")));
    for (String old : replaced) {
      scope.connection().change(Call.delete("/" + Call.step(old)));
    }
    try {
      return RestoreScope.tidied(
          this::cloned, done -> set(done.orElse(Optional.of("")).isEmpty() ? wanted : beside));
    } catch (IOException e) {
      throw new IOException(
          "Index " + wanted + " is not there, but complete under the name " + beside, e);
    }
  }

  private Optional<String> cloned() throws IOException {
    Map<String, RawJson> own = Map.of(WRITE_BLOCK, RawJson.of("null"));
    RawJson body = RawJson.object(Map.of("settings", RawJson.object(own)));
    long documents = scope.count(beside);
    try {
      String path = "/" + Call.step(beside) + "/_clone/" + Call.step(wanted);
      scope.connection().change(Call.put(path, body));
    } catch (ServerException e) {
      return Optional.of(wanted + " is complete, but an alias of " + beside + ": " + e);
    }
    long counted = scope.count(wanted);
    if (counted != documents) {
      throw new IOException(wanted + " counts " + counted + " documents, not " + documents);
    }
    scope.connection().change(Call.delete("/" + Call.step(beside)));
    return Optional.empty();
  }

  private void set(String index) throws IOException {
    Map<String, RawJson> all = new LinkedHashMap<>();
    all.put(WRITE_BLOCK, RawJson.of("null"));
    all.putAll(afterwards);
    scope.set(scope.tidying(), index, all);
  }
}
