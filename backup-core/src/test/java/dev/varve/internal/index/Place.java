package dev.varve.internal.index;

import dev.varve.internal.crypto.AbsentKeyException;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.format.RepositoryId;
import dev.varve.testkit.MemoryStore;
import java.io.IOException;
import java.util.Random;

/** A repository's store as the index sees it. */
final class Place {

  final MemoryStore store = new MemoryStore();
  final RepositoryKeys keys = RepositoryKeys.generate();
  final RunSeal seal = seal(RepositoryId.random());

  RunSeal seal(RepositoryId id) {
    try {
      return new RunSeal(id, keys);
    } catch (AbsentKeyException e) {
      throw new AssertionError(e);
    }
  }

  RunShelf shelf() {
    return shelf(RunCache.temporary());
  }

  RunShelf shelf(RunCache cache) {
    return new RunShelf(store, seal, cache, IndexMemory.DEFAULT);
  }

  /** Stores a run that says this. */
  SealedRun store(Claims claims, Random random) throws IOException {
    SealedRun run = claims.seal(seal, random);
    store.create(run.name().key(), run.body());
    return run;
  }

  /** Stores a run that says this and opens it. */
  Run open(Claims claims, Random random) throws IOException {
    SealedRun run = store(claims, random);
    return shelf().open(run.name(), run.body().length());
  }
}
