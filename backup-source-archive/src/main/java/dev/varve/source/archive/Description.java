package dev.varve.source.archive;

import dev.varve.BackupOptions;
import dev.varve.Snapshot;
import dev.varve.SourceIdentity;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an archive made by Varve says of the snapshot it holds.
 *
 * @param source what it is of
 * @param time when it was taken, as claimed
 * @param tags what was attached
 */
record Description(SourceIdentity source, Instant time, Map<String, String> tags) {

  private static final String FORMAT = "archive";
  private static final String FORMAT_NOW = "1";
  private static final String SOURCE = "source";
  private static final String TIME = "time";
  private static final String TAG = "tag.";

  static Note of(Snapshot snapshot) {
    Note note =
        new Note()
            .with(FORMAT, FORMAT_NOW)
            .with("snapshot", snapshot.id().hex())
            .with(SOURCE, snapshot.source().toString())
            .with(TIME, snapshot.claimedTime().toString())
            .with("committed", snapshot.timeKnown() ? snapshot.time().toString() : "-")
            .with("software", snapshot.software());
    new TreeMap<>(snapshot.tags()).forEach((name, value) -> note.with(TAG + name, value));
    return note;
  }

  /**
   * What a note says.
   *
   * @throws IOException if it is of a newer Varve, or makes no sense
   */
  static Description read(Note note) throws IOException {
    String format = note.find(FORMAT).orElse("");
    if (!format.equals(FORMAT_NOW)) {
      throw new IOException(
          "The archive was exported by a newer Varve, in format '" + format + "'; use that one");
    }
    try {
      BackupOptions.Builder tags = BackupOptions.builder();
      note.lines()
          .forEach(
              (name, value) -> {
                if (name.startsWith(TAG)) {
                  tags.tag(name.substring(TAG.length()), value);
                }
              });
      return new Description(
          SourceIdentity.parse(note.find(SOURCE).orElse("")),
          Instant.parse(note.find(TIME).orElse("")),
          tags.build().tags());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          "The archive is damaged: what it says of its snapshot makes no sense", e);
    }
  }

  static Optional<Description> find(Optional<Note> note) throws IOException {
    return note.isEmpty() ? Optional.empty() : Optional.of(read(note.get()));
  }
}
