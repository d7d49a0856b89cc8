package dev.varve.internal.restore;

import dev.varve.EntryPath;
import dev.varve.RestoreOptions;
import dev.varve.RestoreReport;
import dev.varve.Snapshot;
import dev.varve.internal.catalog.CatalogReader;
import dev.varve.internal.chunkstore.BlockOpener;
import dev.varve.internal.format.CatalogRoot;
import dev.varve.internal.task.Cancellation;
import dev.varve.internal.task.Reporter;
import dev.varve.internal.vault.Vault;
import dev.varve.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** Restores from one repository. Safe for use by many threads. */
public final class Restore {

  private final Vault vault;

  /** Restores from {@code vault}. */
  public Restore(Vault vault) {
    this.vault = vault;
  }

  /** Hands what is selected of a snapshot to a target. */
  public RestoreReport run(
      Snapshot snapshot,
      CatalogRoot root,
      Target target,
      RestoreOptions options,
      Reporter reporter,
      Cancellation cancellation)
      throws IOException {
    CatalogReader catalog = vault.nearCatalog(root);
    RestoreContext context = new RestoreContext(reporter, cancellation, options.dryRun());
    Selection selection =
        new Selection(catalog, options.paths(), options.filter(), context::undecided);
    for (EntryPath absent : selection.absent()) {
      context.warn(absent, "Not restored: the snapshot has nothing of this name");
    }
    boolean whole = options.paths().isEmpty() && !selection.filtered();
    reporter.phase(
        "restoring",
        whole ? OptionalLong.of(root.entries()) : OptionalLong.empty(),
        whole ? OptionalLong.of(root.bytes()) : OptionalLong.empty());
    try (Fetchers fetchers = new Fetchers(() -> fetcher(context, cancellation))) {
      restore(
          target,
          new RestoreContents(vault, snapshot, catalog, selection, context, fetchers),
          context);
    }
    reporter.flush();
    return context.report();
  }

  /** The content of an entry, verified while it is read. */
  public InputStream content(CatalogRoot root, EntryPath path) throws IOException {
    return RestoreContents.open(vault, vault.nearCatalog(root), path);
  }

  private static void restore(Target target, RestoreContents contents, RestoreContext context)
      throws IOException {
    try {
      target.restore(contents, context);
    } catch (IOException e) {
      if (contents.failedWith(e)) {
        throw e;
      }
      throw new TargetFailure(e);
    }
  }

  private Fetcher fetcher(RestoreContext context, Cancellation cancellation) throws IOException {
    return new Fetcher(
        vault.store(),
        vault.packKeys(),
        vault.chunks(),
        cancellation,
        context::hole,
        new BlockOpener(vault.id(), vault.keys()));
  }
}
