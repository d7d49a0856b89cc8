package dev.varve.source.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.varve.EntryPath;
import dev.varve.source.jdbc.internal.dialect.Phase;
import dev.varve.source.jdbc.internal.dialect.Plan;
import dev.varve.source.jdbc.internal.dialect.Step;
import dev.varve.source.jdbc.internal.dialect.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The content of the entry {@code varve/plan}: JSON lines in UTF-8. Stateless. Believes nothing it
 * reads.
 *
 * <p>The first line is {@code {"varve":"plan","version":1,"dialect":…,"product":…,"facts":{…},
 * "steps":N,"leftOut":M}}. N lines follow, one a step in the order in which they are taken: {@code
 * {"phase":…,"path":…,"schema":…,"table":…,"requires":[…],"facts":{…}}}, where schema and table,
 * requires and facts may be absent, and paths are printed as {@link EntryPath#toString()} does. M
 * lines follow: {@code {"leftOut":…}}. Nothing else stands in a plan of version 1.
 */
final class PlanFile {

  static final EntryPath PATH = EntryPath.of("varve/plan");
  static final EntryPath LEFT_OUT = EntryPath.of("varve/left-out");

  static final int VERSION = 1;

  /** Some 300 000 steps; more than a database has that anybody can look after. */
  static final long MOST_BYTES = 128L << 20;

  private static final int MOST_STEPS = 1_000_000;
  private static final int MOST_STRING_CHARACTERS = 8 << 20;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MOST_BYTES)
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxNameLength(10_000)
                  .maxStringLength(MOST_STRING_CHARACTERS)
                  .build())
          .build();

  private PlanFile() {}

  /** The plan as bytes, the same for the same plan. */
  static byte[] write(Plan plan) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setRootValueSeparator(null);
      json.writeStartObject();
      json.writeStringField("varve", "plan");
      json.writeNumberField("version", VERSION);
      json.writeStringField("dialect", plan.dialect());
      json.writeStringField("product", plan.product());
      writeFacts(json, plan.facts());
      json.writeNumberField("steps", plan.steps().size());
      json.writeNumberField("leftOut", plan.leftOut().size());
      endLine(json);
      for (Step step : plan.steps()) {
        writeStep(json, step);
      }
      for (String one : plan.leftOut()) {
        json.writeStartObject();
        json.writeStringField("leftOut", one);
        endLine(json);
      }
    }
    if (out.size() > MOST_BYTES || plan.steps().size() > MOST_STEPS) {
      throw new IOException(
          "The plan of this database has "
              + plan.steps().size()
              + " steps, more than a snapshot can hold; back it up in parts by include patterns");
    }
    return out.toByteArray();
  }

  private static void writeStep(JsonGenerator json, Step step) throws IOException {
    json.writeStartObject();
    json.writeStringField("phase", step.phase().name().toLowerCase(Locale.ROOT));
    json.writeStringField("path", step.path().toString());
    if (step.table().isPresent()) {
      json.writeStringField("schema", step.table().get().schema());
      json.writeStringField("table", step.table().get().table());
    }
    if (!step.requires().isEmpty()) {
      json.writeArrayFieldStart("requires");
      for (EntryPath path : step.requires()) {
        json.writeString(path.toString());
      }
      json.writeEndArray();
    }
    writeFacts(json, step.facts());
    endLine(json);
  }

  private static void writeFacts(JsonGenerator json, Map<String, String> facts) throws IOException {
    if (!facts.isEmpty()) {
      json.writeObjectFieldStart("facts");
      for (Map.Entry<String, String> fact : new TreeMap<>(facts).entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void endLine(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /**
   * Reads a plan.
   *
   * @throws IOException if it is none, is of a newer version, or contradicts itself
   */
  static Plan read(InputStream in) throws IOException {
    try (JsonParser json = JSON.createParser(in)) {
      return new Reading(json).plan();
    } catch (JsonProcessingException | IllegalArgumentException | UncheckedIOException notOne) {
      throw new IOException(PATH + " is no plan: " + notOne.getMessage(), notOne);
    }
  }

  /** Reads one plan. */
  private static final class Reading {

    private final JsonParser json;
    private final Set<EntryPath> paths = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    Reading(JsonParser json) {
      this.json = json;
    }

    Plan plan() throws IOException {
      Line first = line();
      if (!first.text("varve").equals("plan")) {
        throw refused("it does not begin like one");
      }
      if (first.number("version") > VERSION) {
        throw refused("it has version " + first.number("version") + "; a newer Varve can read it");
      }
      int stepCount = first.count("steps", MOST_STEPS);
      int leftOutCount = first.count("leftOut", MOST_STEPS);
      first.allKnown(Set.of("varve", "version", "dialect", "product", "steps", "leftOut"), false);
      for (int i = 0; i < stepCount; i++) {
        steps.add(step(line()));
      }
      for (int i = 0; i < leftOutCount; i++) {
        Line line = line();
        leftOut.add(line.text("leftOut"));
        line.allKnown(Set.of("leftOut"), false);
      }
      if (json.nextToken() != null) {
        throw refused("there is more than it says");
      }
      return new Plan(first.text("dialect"), first.text("product"), first.facts, steps, leftOut);
    }

    private Step step(Line line) throws IOException {
      line.allKnown(Set.of("phase", "path", "schema", "table"), true);
      Phase phase = phase(line.text("phase"));
      if (!steps.isEmpty() && phase.compareTo(steps.get(steps.size() - 1).phase()) < 0) {
        throw refused("its phases are not in order");
      }
      EntryPath path = EntryPath.parse(line.text("path"));
      for (EntryPath required : line.requires) {
        if (!paths.contains(required)) {
          throw refused(path + " requires " + required + ", which does not come before it");
        }
      }
      if (!paths.add(path)) {
        throw refused("it names " + path + " twice");
      }
      Optional<TableName> table =
          line.texts.containsKey("table")
              ? Optional.of(new TableName(line.text("schema"), line.text("table")))
              : Optional.empty();
      return new Step(phase, path, table, line.requires, line.facts);
    }

    private static Phase phase(String name) throws IOException {
      for (Phase phase : Phase.values()) {
        if (phase.name().toLowerCase(Locale.ROOT).equals(name)) {
          return phase;
        }
      }
      throw refused("there is no phase '" + name + "'");
    }

    private Line line() throws IOException {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      Line line = new Line();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("facts")) {
          expect(value, JsonToken.START_OBJECT);
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String fact = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING);
            line.facts.put(fact, json.getText());
          }
        } else if (name.equals("requires")) {
          expect(value, JsonToken.START_ARRAY);
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            line.requires.add(EntryPath.parse(json.getText()));
          }
          expect(json.currentToken(), JsonToken.END_ARRAY);
        } else if (value == JsonToken.VALUE_NUMBER_INT) {
          line.numbers.put(name, json.getLongValue());
        } else {
          expect(value, JsonToken.VALUE_STRING);
          line.texts.put(name, json.getText());
        }
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
      return line;
    }

    @SuppressWarnings("NullAway") // the parser's null at the end of its input
    private static void expect(JsonToken found, JsonToken expected) throws IOException {
      if (found != expected) {
        throw refused("it has " + found + " where " + expected + " should be");
      }
    }
  }

  /** One line as it was read. */
  private static final class Line {

    final Map<String, String> texts = new TreeMap<>();
    final Map<String, Long> numbers = new TreeMap<>();
    final Map<String, String> facts = new TreeMap<>();
    final List<EntryPath> requires = new ArrayList<>();

    String text(String name) throws IOException {
      String text = texts.get(name);
      if (text == null) {
        throw refused("a line lacks '" + name + "'");
      }
      return text;
    }

    long number(String name) throws IOException {
      Long number = numbers.get(name);
      if (number == null) {
        throw refused("a line lacks '" + name + "'");
      }
      return number;
    }

    int count(String name, int most) throws IOException {
      long count = number(name);
      if (count < 0 || count > most) {
        throw refused("it says it has " + count + " " + name);
      }
      return (int) count;
    }

    void allKnown(Set<String> known, boolean requiring) throws IOException {
      Set<String> found = new HashSet<>(texts.keySet());
      found.addAll(numbers.keySet());
      found.removeAll(known);
      if (!found.isEmpty() || (!requiring && !requires.isEmpty())) {
        throw refused("a line says " + found + ", which nothing here knows");
      }
    }
  }

  private static IOException refused(String why) {
    return new IOException(PATH + " is no plan that can be followed: " + why);
  }
}
