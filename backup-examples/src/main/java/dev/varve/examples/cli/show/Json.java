package dev.varve.examples.cli.show;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.varve.CheckReport;
import dev.varve.Entry;
import dev.varve.EntryPath;
import dev.varve.Posix;
import dev.varve.Problem;
import dev.varve.Progress;
import dev.varve.RewriteReport;
import dev.varve.Snapshot;
import dev.varve.Statistics;
import dev.varve.Tally;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON piece by piece, each complete value with a line end behind it. Used by one thread.
 * Does not close the stream it writes to.
 *
 * <p>Paths appear as {@link EntryPath#toString()} prints them, times as ISO 8601 in UTC, durations
 * in seconds, and what is absent is left out.
 */
public final class Json implements Closeable {

  private final OutputStream out;
  private final JsonGenerator generator;

  /** A writer to {@code out}. */
  public Json(OutputStream out) throws IOException {
    this.out = out;
    generator =
        new JsonFactoryBuilder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .rootValueSeparator("")
            .build()
            .createGenerator(out);
  }

  /** Something that writes the fields of an object, or the elements of an array. */
  @FunctionalInterface
  public interface Fields {

    /** Writes them. */
    void write() throws IOException;
  }

  /** A whole value: an object with these fields, a line end, and all of it handed on. */
  public void value(Fields fields) throws IOException {
    object(fields);
    endValue();
  }

  /** A whole value: an array with these elements, a line end, and all of it handed on. */
  public void values(Fields elements) throws IOException {
    generator.writeStartArray();
    elements.write();
    generator.writeEndArray();
    endValue();
  }

  /** An object as an element of an array. */
  public void object(Fields fields) throws IOException {
    generator.writeStartObject();
    fields.write();
    generator.writeEndObject();
  }

  /** A field that holds an object. */
  public void object(String name, Fields fields) throws IOException {
    generator.writeFieldName(name);
    object(fields);
  }

  /** A field that holds an array. */
  public void array(String name, Fields elements) throws IOException {
    generator.writeArrayFieldStart(name);
    elements.write();
    generator.writeEndArray();
  }

  /** A field with text. */
  public void field(String name, String text) throws IOException {
    generator.writeStringField(name, text);
  }

  /** A field with a number. */
  public void field(String name, long number) throws IOException {
    generator.writeNumberField(name, number);
  }

  /** A field with yes or no. */
  public void field(String name, boolean yes) throws IOException {
    generator.writeBooleanField(name, yes);
  }

  /** A field with a list of texts. */
  public void texts(String name, List<String> texts) throws IOException {
    generator.writeArrayFieldStart(name);
    for (String text : texts) {
      generator.writeString(text);
    }
    generator.writeEndArray();
  }

  /** The fields of a snapshot. */
  public void snapshot(Snapshot snapshot) throws IOException {
    field("id", snapshot.id().hex());
    field("source", snapshot.source().toString());
    field("time", snapshot.time().toString());
    field("timeKnown", snapshot.timeKnown());
    field("claimedTime", snapshot.claimedTime().toString());
    object(
        "tags",
        () -> {
          for (Map.Entry<String, String> tag : new TreeMap<>(snapshot.tags()).entrySet()) {
            field(tag.getKey(), tag.getValue());
          }
        });
    field("pinned", snapshot.pinned());
    field("problems", snapshot.problems());
    field("software", snapshot.software());
    object("statistics", () -> statistics(snapshot.statistics()));
  }

  /** The fields of statistics. */
  public void statistics(Statistics statistics) throws IOException {
    tally("files", statistics.files());
    tally("directories", statistics.directories());
    tally("others", statistics.others());
    field("contentBytes", statistics.contentBytes());
    field("readBytes", statistics.readBytes());
    field("addedBytes", statistics.addedBytes());
    field("storedBytes", statistics.storedBytes());
    field("chunks", statistics.chunks());
    field("addedChunks", statistics.addedChunks());
    generator.writeNumberField("seconds", statistics.duration().toMillis() / 1000.0);
    counts(statistics.counts());
  }

  /** A field {@code counts} with numbers by name. */
  public void counts(Map<String, Long> counts) throws IOException {
    object(
        "counts",
        () -> {
          for (Map.Entry<String, Long> count : new TreeMap<>(counts).entrySet()) {
            field(count.getKey(), count.getValue());
          }
        });
  }

  /** The fields of an entry. */
  public void entry(Entry entry) throws IOException {
    field("path", entry.path().toString());
    field("kind", entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    field("size", entry.size());
    if (entry.modified().isPresent()) {
      field("modified", entry.modified().get().toString());
    }
    if (entry.linkTarget().isPresent()) {
      field("linkTarget", entry.linkTarget().get().toString());
    }
    if (entry.hardLinkGroup().isPresent()) {
      field("hardLinkGroup", entry.hardLinkGroup().getAsLong());
    }
    if (entry.posix().isPresent()) {
      posix(entry.posix().get());
    }
    if (!entry.attributes().isEmpty()) {
      attributes(entry);
    }
  }

  /** The fields of a problem. */
  public void problem(Problem problem) throws IOException {
    if (problem.path().isPresent()) {
      field("path", problem.path().get().toString());
    }
    field("message", problem.message());
  }

  /** The fields of progress. */
  public void progress(Progress progress) throws IOException {
    field("phase", progress.phase());
    field("entries", progress.entries());
    field("bytes", progress.bytes());
    if (progress.totalEntries().isPresent()) {
      field("totalEntries", progress.totalEntries().getAsLong());
    }
    if (progress.totalBytes().isPresent()) {
      field("totalBytes", progress.totalBytes().getAsLong());
    }
    if (progress.current().isPresent()) {
      field("current", progress.current().get().toString());
    }
  }

  /** The fields of what a check found. */
  public void finding(CheckReport.Finding finding) throws IOException {
    field("item", finding.item());
    field("message", finding.message());
    field("affectedCount", finding.affectedCount());
    array(
        "affected",
        () -> {
          for (CheckReport.Affected affected : finding.affected()) {
            object(
                () -> {
                  field("snapshot", affected.snapshot().hex());
                  field("path", affected.path().toString());
                });
          }
        });
  }

  /** The fields of what became of a snapshot that was made again. */
  public void rewritten(RewriteReport report) throws IOException {
    field("original", report.original().hex());
    field("changed", report.changed());
    object("replacement", () -> snapshot(report.replacement()));
    field("excluded", report.excluded());
    field("omittedCount", report.omittedCount());
    array(
        "omitted",
        () -> {
          for (Problem problem : report.omitted()) {
            object(() -> problem(problem));
          }
        });
  }

  /** Lets go of buffers; a value begun and not ended stays as far as it came. */
  @Override
  public void close() throws IOException {
    generator.close();
  }

  private void endValue() throws IOException {
    generator.flush();
    out.write('\n');
    out.flush();
  }

  private void tally(String name, Tally tally) throws IOException {
    object(
        name,
        () -> {
          field("added", tally.added());
          field("changed", tally.changed());
          field("unchanged", tally.unchanged());
        });
  }

  private void posix(Posix posix) throws IOException {
    field("mode", Integer.toOctalString(posix.mode()));
    field("uid", posix.uid());
    field("gid", posix.gid());
    if (posix.user().isPresent()) {
      field("user", posix.user().get());
    }
    if (posix.group().isPresent()) {
      field("group", posix.group().get());
    }
    if (posix.changed().isPresent()) {
      field("changed", posix.changed().get().toString());
    }
  }

  private void attributes(Entry entry) throws IOException {
    generator.writeObjectFieldStart("attributes");
    for (String name : entry.attributes().names()) {
      generator.writeBinaryField(name, entry.attributes().find(name).orElseThrow());
    }
    generator.writeEndObject();
  }
}
