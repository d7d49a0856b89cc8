package dev.varve.internal.index;

import dev.varve.internal.crypto.AbsentKeyException;
import dev.varve.internal.crypto.Binding;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.PageSealer;
import dev.varve.internal.crypto.Pages;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.StreamSeal;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.ItemKind;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.format.RunName;

/** Seals and opens the runs of one repository. Safe for use by many threads. */
public final class RunSeal {

  private final RepositoryId repository;
  private final byte[] key;

  /**
   * Takes the index sealing key.
   *
   * @throws AbsentKeyException if it is not held
   */
  public RunSeal(RepositoryId repository, RepositoryKeys keys) throws AbsentKeyException {
    this.repository = repository;
    this.key = keys.key(KeyPurpose.SEAL_INDEX);
  }

  /** Begins to seal a run. */
  PageSealer sealer(RunName run) {
    return new StreamSeal(key).pageSealer(binding(run));
  }

  /**
   * Opens pages of a run.
   *
   * @param header the beginning of its ciphertext
   * @param sealedBytes how long its ciphertext is
   */
  Pages pages(RunName run, byte[] header, long sealedBytes) throws FormatException {
    return new StreamSeal(key).pages(header, binding(run), sealedBytes);
  }

  private byte[] binding(RunName run) {
    return Binding.of(repository, ItemKind.RUN, run.key(), Binding.WHOLE);
  }
}
