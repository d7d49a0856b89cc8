package dev.varve.examples.cli;

import dev.varve.examples.cli.show.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code varve version}. */
@Command(name = "version", description = "Say which version this is.")
final class VersionCommand implements Callable<Integer> {

  private final Varve varve;

  VersionCommand(Varve varve) {
    this.varve = varve;
  }

  @Override
  public Integer call() throws IOException {
    String version =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
            .orElse("unpackaged");
    String java = Runtime.version().toString();
    if (varve.json()) {
      Json json = varve.newJson();
      json.value(
          () -> {
            json.field("version", version);
            json.field("java", java);
          });
    } else {
      varve.answer("varve " + version + " on Java " + java);
    }
    return ExitCode.DONE;
  }
}
