package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code varve init}. */
@Command(
    name = "init",
    description = {
      "Make a new repository.",
      "A key file that is not there yet is made as well: keep a copy of it elsewhere."
    })
final class InitCommand implements Callable<Integer> {

  private final Varve varve;

  InitCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    varve.location();
    Optional<Path> madeKeyFile = varve.keyFile().filter(Files::notExists);
    madeKeyFile.ifPresent(file -> KeyFile.generate().save(file));
    try (Repository repository = create(madeKeyFile)) {
      if (varve.json()) {
        Json json = varve.newJson();
        json.value(
            () -> {
              json.field("repository", repository.id());
              json.field("location", repository.location());
            });
      } else {
        varve.summary("made repository " + repository.id() + " at " + repository.location());
      }
    }
    madeKeyFile.ifPresent(
        file -> varve.note("made key file " + file + "; without it nothing can be restored"));
    return ExitCode.DONE;
  }

  /** A key file made for a repository that could then not be made would only confuse. */
  private Repository create(Optional<Path> madeKeyFile) throws IOException {
    try {
      return varve.create();
    } catch (RuntimeException e) {
      if (madeKeyFile.isPresent()) {
        Files.deleteIfExists(madeKeyFile.get());
      }
      throw e;
    }
  }
}
