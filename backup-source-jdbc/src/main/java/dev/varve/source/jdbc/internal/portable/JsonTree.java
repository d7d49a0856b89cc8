package dev.varve.source.jdbc.internal.portable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small JSON object of texts, flags, lists and objects. Believes nothing it reads. Immutable. */
final class JsonTree {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
          .build();

  private final Map<String, Object> members;

  private JsonTree(Map<String, Object> members) {
    this.members = members;
  }

  /** An object's members as text; those that are empty or false are left out. */
  static String print(Map<String, ?> members) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
      write(json, members);
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        Object held = member.getValue();
        boolean empty =
            held.equals(false) || held.equals("") || (held instanceof List<?> l && l.isEmpty());
        if (!empty) {
          json.writeFieldName(member.getKey().toString());
          write(json, held);
        }
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object one : list) {
        write(json, one);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else {
      json.writeString(value.toString());
    }
  }

  static JsonTree parse(String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        return object(json);
      }
      throw new IOException("A table's definition is not one");
    } catch (JsonProcessingException notOne) {
      throw new IOException("A table's definition is not one: " + notOne.getMessage(), notOne);
    }
  }

  private static Object read(JsonParser json, JsonToken first) throws IOException {
    return switch (first) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> list(json);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> String.valueOf(json.getText());
    };
  }

  private static JsonTree object(JsonParser json) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      members.put(name, read(json, json.nextToken()));
    }
    return new JsonTree(members);
  }

  private static List<Object> list(JsonParser json) throws IOException {
    List<Object> list = new ArrayList<>();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next == null) {
        throw new IOException("A table's definition ends in its middle");
      }
      list.add(read(json, next));
    }
    return list;
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(members.get(name)).map(Object::toString);
  }

  String text(String name) throws IOException {
    return find(name)
        .orElseThrow(() -> new IOException("A table's definition lacks '" + name + "'"));
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      list.forEach(one -> texts.add(one.toString()));
    }
    return texts;
  }

  List<JsonTree> list(String name) throws IOException {
    List<JsonTree> trees = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      for (Object one : list) {
        if (!(one instanceof JsonTree tree)) {
          throw new IOException("A table's definition has a text among its " + name);
        }
        trees.add(tree);
      }
    }
    return trees;
  }
}
