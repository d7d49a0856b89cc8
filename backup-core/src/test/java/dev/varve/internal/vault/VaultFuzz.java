package dev.varve.internal.vault;

import dev.varve.internal.format.FuzzTarget;
import dev.varve.internal.format.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fuzzes the config. */
public final class VaultFuzz {

  private VaultFuzz() {}

  /** What takes bytes from strangers here. */
  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "config",
            data -> Config.read(data),
            List.of(
                new Config(new RepositoryId(1, 2)).toBytes(),
                "{\"a\":[{\"b\":1e999}],\"varve\":1,\"repository\":\"\\u0030\"}"
                    .getBytes(StandardCharsets.US_ASCII))));
  }
}
