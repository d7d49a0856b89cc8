package dev.varve.examples.cli;

import dev.varve.key.Key;
import dev.varve.key.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** A key to be added: from a file, or a passphrase typed twice. Used by one thread. */
final class NewKey {

  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "A file whose first line is the new passphrase.")
  private Optional<Path> passphraseFile = Optional.empty();

  @Option(
      names = "--new-key-file",
      paramLabel = "FILE",
      description = "A file with the new key; made if it is not there.")
  private Optional<Path> keyFile = Optional.empty();

  /** Whether one is given, so that nothing needs to be asked. */
  boolean given() {
    return passphraseFile.isPresent() || keyFile.isPresent();
  }

  /** Hands the key to {@code use}; a file made for it goes away again if that fails. */
  <T> T use(Varve varve, Function<Key, T> use) throws IOException {
    if (passphraseFile.isPresent() || keyFile.isEmpty() || Files.exists(keyFile.get())) {
      return use.apply(varve.keys().additional(passphraseFile, keyFile));
    }
    Path made = keyFile.get();
    KeyFile key = KeyFile.generate();
    key.save(made);
    try {
      T result = use.apply(key);
      varve.note("made key file " + made + "; keep a copy of it elsewhere");
      return result;
    } catch (RuntimeException e) {
      Files.deleteIfExists(made);
      throw e;
    }
  }
}
