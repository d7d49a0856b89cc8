package dev.varve.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where bytes rest: flat keys, immutable values. Used by many threads at once and by many processes
 * on the same place.
 *
 * <p>Three promises carry the whole repository, and a store that cannot keep them must refuse to
 * open:
 *
 * <ol>
 *   <li>{@link #create} is atomic: of several creators of one key exactly one succeeds, and nobody
 *       ever sees a part of an item.
 *   <li>What {@link #read} or {@link #list} has shown once is durable: it survives the loss of
 *       power.
 *   <li>An item that was created is in every {@code read} and {@code list} that begins afterwards.
 * </ol>
 *
 * <p>Keys are 1 to 200 characters of {@code a-z 0-9 . - _ /}; no step between slashes is empty or
 * begins with a dot ({@link #requireKey} checks). No key is a directory of another. Items have from
 * 0 bytes to 5 GB.
 *
 * <p>Errors are told in the JDK's words: {@link java.nio.file.NoSuchFileException}, {@link
 * java.nio.file.FileAlreadyExistsException}, {@link java.nio.file.AccessDeniedException} and {@link
 * dev.varve.RefusedException} are final; {@link dev.varve.ThrottledException} and any other {@link
 * IOException} may be tried again by the engine. A store does not retry by itself.
 */
public interface Store extends Closeable {

  /**
   * Creates an item if there is none of that name.
   *
   * <p>After an exception other than {@code FileAlreadyExistsException} the item may or may not be
   * there, whole; the caller finds out by reading.
   *
   * @return what was stored, with the time the store's own clock gives it
   * @throws java.nio.file.FileAlreadyExistsException if there is an item; it is left as it was
   */
  Stored create(String key, Body body) throws IOException;

  /**
   * Fills {@code into} with the bytes of an item from {@code offset} on.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such item
   * @throws java.io.EOFException if the item ends before {@code into} is full; never silently less
   */
  void read(String key, long offset, ByteBuffer into) throws IOException;

  /**
   * Lists items whose keys begin with {@code prefix} and come after {@code startAfter}, ascending
   * by ASCII, as many as suit the store, at least one if there is one.
   *
   * @param prefix any beginning of a key, may be empty
   * @param startAfter the last key of the page before; empty to begin
   * @throws IOException if this cannot be told; nothing less than the whole page is an answer
   */
  Page list(String prefix, String startAfter) throws IOException;

  /**
   * Deletes an item; that there is none is fine.
   *
   * @throws IOException if that is refused or its outcome is unknown
   */
  void delete(String key) throws IOException;

  /**
   * Deletes any number of items, in any order; that there is none of a name is fine.
   *
   * <p>Each is a deletion of its own: that one fails keeps no other from being done, and what was
   * deleted stays deleted. This default deletes one after the other; a store that can delete many
   * by one request does, and so divides {@code keys} as its server wants.
   *
   * @return for each key whose item was not deleted, or may not have been, what {@link #delete}
   *     would have thrown; empty if all are gone
   * @throws IllegalArgumentException if one is written as no key is; then nothing was deleted
   */
  default Map<String, IOException> deleteAll(Collection<String> keys) {
    keys.forEach(Store::requireKey);
    Map<String, IOException> failures = new LinkedHashMap<>();
    for (String key : keys) {
      try {
        delete(key);
      } catch (IOException failed) {
        failures.put(key, failed);
      }
    }
    return failures;
  }

  /**
   * How long the store itself protects items from being deleted or replaced by anybody, counted
   * from when they are created, as S3 does by object lock and Google by object retention; empty if
   * it was not told to, or cannot.
   */
  default Optional<Duration> protection() {
    return Optional.empty();
  }

  /**
   * Protects an item for {@link #protection()} from now on, if it is not protected for longer
   * already. Called only where there is a protection.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such item
   * @throws java.nio.file.AccessDeniedException if this is not allowed
   */
  default void protect(String key) throws IOException {
    throw new UnsupportedOperationException(this + " protects nothing from being deleted");
  }

  /**
   * Fails if {@code key} is not written as keys must be.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static void requireKey(String key) {
    if (!isKey(key)) {
      throw new IllegalArgumentException(
          "A key has 1 to 200 characters of a-z 0-9 . - _ / and no step that is empty or begins"
              + " with a dot, unlike '"
              + key
              + "'");
    }
  }

  /** Whether a name is written as keys must be; others in the same place are somebody else's. */
  static boolean isKey(String name) {
    boolean good = !name.isEmpty() && name.length() <= 200;
    char before = '/';
    for (int i = 0; i < name.length() && good; i++) {
      char c = name.charAt(i);
      boolean inStep = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      good = inStep || (before != '/' && (c == '.' || c == '/'));
      before = c;
    }
    return good && before != '/';
  }

  /**
   * Whether an item cannot be made again from the rest, so that a store with a {@link #protection}
   * protects it from when it is created. An index run, a checkpoint or an advisory lock can be, and
   * is deleted soon.
   */
  static boolean isIrreplaceable(String key) {
    return key.equals("config")
        || key.startsWith("keys/")
        || key.startsWith("log/")
        || key.startsWith("packs/");
  }

  /** Where this is, for people: no secrets. */
  @Override
  String toString();

  /** Lets go of what the store holds; calls still running may fail. */
  @Override
  void close() throws IOException;
}
