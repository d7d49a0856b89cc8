package dev.varve.internal.vault;

import dev.varve.internal.chunkstore.Published;
import dev.varve.internal.log.Draft;
import dev.varve.internal.log.Index;
import dev.varve.internal.log.NewPack;
import dev.varve.internal.log.NewRun;
import dev.varve.internal.task.Cancellation;
import java.io.IOException;
import java.util.List;

/** Makes packs and runs that were stored a part of the repository. Used by one thread. */
public final class Registration {

  /** How many packs one record registers, so that it stays below its bound. */
  private static final int PACKS_PER_RECORD = 2000;

  private final Vault vault;
  private final long base;

  /** Registers what is stored from now on. */
  public Registration(Vault vault) {
    this.vault = vault;
    this.base = vault.state().slot();
  }

  /** A run is registered with the last of the packs it speaks of. */
  public void run(Published published) throws IOException {
    List<NewPack> packs =
        published.packs().stream()
            .map(p -> new NewPack(p.name(), p.kind(), Math.toIntExact(p.storedBytes())))
            .toList();
    List<NewRun> runs =
        published.runs().stream().map(r -> new NewRun(r.name(), r.storedBytes())).toList();
    for (int i = 0; i < packs.size(); i += PACKS_PER_RECORD) {
      int end = Math.min(packs.size(), i + PACKS_PER_RECORD);
      List<NewPack> some = packs.subList(i, end);
      List<NewRun> with = end == packs.size() ? runs : List.of();
      Cancellation.shielded(
          () -> vault.log().append(Draft.of(new Index(base, List.of(), with, some))));
    }
    vault.refresh();
  }
}
