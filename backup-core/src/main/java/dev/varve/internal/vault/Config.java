package dev.varve.internal.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The item {@value #KEY}: plain JSON that says what rests here, {@code {"varve":1,"repository":"<32
 * hexadecimal digits>"}}. It is written once and never changes; every key slot and every sealed
 * item is bound to what it says. Other members are ignored.
 *
 * @param repository the repository's id
 */
record Config(RepositoryId repository) {

  /** Where it rests. */
  static final String KEY = "config";

  /** The longest config. */
  static final int MAX_BYTES = 4096;

  /** How long a config is that this software writes. */
  static final int USUAL_BYTES =
      "{\"varve\":1,\"repository\":\"\"}\n".length() + 2 * RepositoryId.BYTES;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String VERSION = "varve";
  private static final String REPOSITORY = "repository";

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField(VERSION, ItemKind.VERSION);
      json.writeStringField(REPOSITORY, repository.hex());
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return out.toByteArray();
  }

  static Config read(byte[] bytes) throws FormatException {
    Optional<Integer> version = Optional.empty();
    Optional<String> repository = Optional.empty();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException("It is not a JSON value of braces");
      }
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (name.equals(VERSION) && value == JsonToken.VALUE_NUMBER_INT) {
          version = Optional.of(json.getIntValue());
        } else if (name.equals(REPOSITORY) && value == JsonToken.VALUE_STRING) {
          repository = Optional.of(json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("It is not the JSON that a Varve repository has: " + e, e);
    }
    int known = version.orElseThrow(() -> new FormatException("It names no format version"));
    if (known > ItemKind.VERSION) {
      throw new NewerFormatException(known);
    }
    String id = repository.orElseThrow(() -> new FormatException("It names no repository"));
    if (known < 1 || !id.matches("[0-9a-f]{32}")) {
      throw new FormatException("Its version or its repository's id cannot be");
    }
    return new Config(RepositoryId.ofHex(id));
  }
}
