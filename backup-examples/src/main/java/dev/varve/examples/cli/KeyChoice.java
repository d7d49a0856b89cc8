package dev.varve.examples.cli;

import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import dev.varve.key.Passphrase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which key unlocks the repository: from options, else from the environment, else asked for. Used
 * by one thread.
 */
final class KeyChoice {

  private static final String RECOVERY_KEY_START = "varve-key-";

  private final Surroundings surroundings;

  KeyChoice(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The key of a repository that is there. */
  Key existing(Optional<Path> passphraseFile, Optional<Path> keyFile) {
    return given(passphraseFile, keyFile).orElseGet(() -> ask("Passphrase: "));
  }

  /**
   * The key of another repository that is there: its own, from options or {@code VARVE_FROM_…},
   * else the one that opens this.
   */
  Key other(
      Optional<Path> passphraseFile,
      Optional<Path> keyFile,
      Optional<Path> ownPassphraseFile,
      Optional<Path> ownKeyFile) {
    return fromFile(passphraseFile, keyFile)
        .or(() -> fromEnvironment("VARVE_FROM_"))
        .or(() -> given(ownPassphraseFile, ownKeyFile))
        .orElseGet(() -> ask("Passphrase of the repository to copy from: "));
  }

  /** The key of a repository to be made; a passphrase that is typed is asked for twice. */
  Key initial(Optional<Path> passphraseFile, Optional<Path> keyFile) {
    return given(passphraseFile, keyFile).orElseGet(() -> askTwice("Passphrase: "));
  }

  /** A key to be added to a repository, never from the environment. */
  Key additional(Optional<Path> passphraseFile, Optional<Path> keyFile) {
    return fromFile(passphraseFile, keyFile).orElseGet(() -> askTwice("New passphrase: "));
  }

  private Optional<Key> given(Optional<Path> passphraseFile, Optional<Path> keyFile) {
    return fromFile(passphraseFile, keyFile).or(() -> fromEnvironment("VARVE_"));
  }

  private static Optional<Key> fromFile(Optional<Path> passphraseFile, Optional<Path> keyFile) {
    if (passphraseFile.isPresent() && keyFile.isPresent()) {
      throw new UsageException("Give a passphrase file or a key file, not both");
    }
    return keyFile.<Key>map(KeyFile::load).or(() -> passphraseFile.map(KeyChoice::passphraseIn));
  }

  private Optional<Key> fromEnvironment(String prefix) {
    List<String> set =
        Stream.of("PASSPHRASE", "PASSPHRASE_FILE", "KEY_FILE")
            .map(prefix::concat)
            .filter(name -> surroundings.variable(name).isPresent())
            .toList();
    if (set.size() > 1) {
      throw new UsageException(
          "The environment has " + String.join(" and ", set) + "; set only one of them");
    }
    return set.stream()
        .findFirst()
        .map(
            name -> {
              String value = surroundings.variable(name).orElseThrow();
              return switch (name.substring(prefix.length())) {
                case "PASSPHRASE" -> Passphrase.of(value.toCharArray());
                case "PASSPHRASE_FILE" -> passphraseIn(Path.of(value));
                default -> KeyFile.load(Path.of(value));
              };
            });
  }

  /** A file that is not there is found out before anything is done with the repository. */
  private static Key passphraseIn(Path file) {
    if (!Files.isReadable(file)) {
      throw new FailureException(
          "The passphrase file " + file + " cannot be read; is the path right, and is it yours?");
    }
    return Passphrase.fromFile(file);
  }

  private Key ask(String question) {
    return keyOf(secret(question));
  }

  private Key askTwice(String question) {
    char[] first = secret(question);
    char[] second = secret("The same again: ");
    try {
      if (!Arrays.equals(first, second)) {
        throw new FailureException("The two passphrases differ; nothing was done, try again");
      }
      return keyOf(first);
    } finally {
      Arrays.fill(second, '\0');
    }
  }

  private char[] secret(String question) {
    Prompt prompt =
        surroundings
            .prompt()
            .orElseThrow(
                () ->
                    new UsageException(
                        "No key is given and there is no terminal to ask at; use"
                            + " --passphrase-file or --key-file, or set VARVE_PASSPHRASE,"
                            + " VARVE_PASSPHRASE_FILE or VARVE_KEY_FILE"));
    return prompt
        .secret(question)
        .filter(typed -> typed.length > 0)
        .orElseThrow(() -> new FailureException("No passphrase was typed; nothing was done"));
  }

  /** A recovery key copied from paper may be typed where a passphrase is asked for. */
  private static Key keyOf(char[] typed) {
    String start = new String(typed, 0, Math.min(typed.length, RECOVERY_KEY_START.length()));
    try {
      return start.equals(RECOVERY_KEY_START)
          ? KeyFile.parse(new String(typed))
          : Passphrase.of(typed);
    } finally {
      Arrays.fill(typed, '\0');
    }
  }
}
