package dev.varve.internal.vault;

import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.chunkstore.PackSizes;
import dev.varve.internal.crypto.Argon2Cost;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.log.LogRules;
import dev.varve.internal.log.RememberedHead;
import dev.varve.internal.store.Pause;
import dev.varve.internal.store.RetryPolicy;
import dev.varve.internal.store.StoreMeter;
import dev.varve.internal.store.TransferLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a repository is opened or made.
 *
 * @param cacheDirectory where copies of sealed items of all repositories are kept
 * @param cacheBytes how many bytes of log and catalogs may be kept there, for each repository
 * @param stateDirectory where it is remembered how far each log was seen
 * @param parallelism how many threads read, and as many seal; 0: everything runs on the caller's
 * @param passphraseCost how hard it is to try a passphrase, for new slots
 * @param chunkSizes the sizes of chunks of a new repository
 * @param firstPartialBytes how much a backup stores before it first leaves a trace in the log
 * @param packSizes how large packs and blocks become
 * @param logRules what the log goes by
 * @param pause how it waits before it tries a call to the store again
 * @param retry how long it goes on trying
 * @param despiteDamage whether it is opened although its config or parts of its log are lost
 * @param remembered remembers how far the log of a repository was seen, instead of a file
 * @param limits how fast it may send and fetch
 * @param meter hears of every call of the store
 * @param slotLabel what the first slot of a new repository is called
 */
public record VaultOptions(
    Optional<Path> cacheDirectory,
    long cacheBytes,
    Optional<Path> stateDirectory,
    int parallelism,
    Argon2Cost passphraseCost,
    ChunkerSizes chunkSizes,
    long firstPartialBytes,
    PackSizes packSizes,
    LogRules logRules,
    Pause pause,
    RetryPolicy retry,
    boolean despiteDamage,
    Optional<Function<RepositoryId, RememberedHead>> remembered,
    TransferLimits limits,
    Optional<StoreMeter> meter,
    String slotLabel) {}
