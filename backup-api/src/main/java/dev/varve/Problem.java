package dev.varve;

import java.util.Optional;

/**
 * Something that went wrong with one entry while the rest went on.
 *
 * @param path the entry, where it is about one
 * @param message what was attempted and why it failed, in words for people, without secrets
 */
public record Problem(Optional<EntryPath> path, String message) {

  @Override
  public String toString() {
    return path.map(p -> p + ": " + message).orElse(message);
  }
}
