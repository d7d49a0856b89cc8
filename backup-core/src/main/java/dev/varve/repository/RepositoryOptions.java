package dev.varve.repository;

import dev.varve.internal.chunker.ChunkerSizes;
import dev.varve.internal.chunkstore.PackSizes;
import dev.varve.internal.crypto.Argon2Cost;
import dev.varve.internal.log.LogRules;
import dev.varve.internal.store.Pause;
import dev.varve.internal.store.RetryPolicy;
import dev.varve.internal.store.TransferLimits;
import dev.varve.internal.store.VerbPause;
import dev.varve.internal.vault.VaultOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** How a repository is to be opened or made. Immutable. */
public final class RepositoryOptions {

  private final Map<String, List<String>> storeOptions;
  private final Optional<Path> cacheDirectory;
  private final long cacheBytes;
  private final Optional<Path> stateDirectory;
  private final int parallelism;
  private final Argon2Cost passphraseCost;
  private final ChunkerSizes chunkSizes;
  private final long firstPartialBytes;
  private final PackSizes packSizes;
  private final LogRules logRules;
  private final Pause pause;
  private final RetryPolicy retry;
  private final boolean despiteDamage;
  private final Optional<LogMemory> logMemory;
  private final TransferLimits limits;
  private final String slotLabel;

  private RepositoryOptions(Builder builder) {
    Map<String, List<String>> options = new TreeMap<>();
    builder.storeOptions.forEach((name, values) -> options.put(name, List.copyOf(values)));
    storeOptions = Map.copyOf(options);
    cacheDirectory = builder.cacheDirectory;
    cacheBytes = builder.cacheBytes;
    stateDirectory = builder.stateDirectory;
    parallelism = builder.parallelism;
    passphraseCost = builder.passphraseCost;
    chunkSizes = builder.chunkSizes;
    firstPartialBytes = builder.firstPartialBytes;
    packSizes = builder.packSizes;
    logRules = builder.logRules;
    pause = builder.pause;
    retry = builder.retry;
    despiteDamage = builder.despiteDamage;
    logMemory = builder.logMemory;
    limits = new TransferLimits(builder.uploadLimit, builder.downloadLimit);
    slotLabel = builder.slotLabel;
  }

  /** A cache below the user's cache directory, as many threads as processors. */
  public static RepositoryOptions defaults() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  Map<String, List<String>> storeOptions() {
    return storeOptions;
  }

  Argon2Cost passphraseCost() {
    return passphraseCost;
  }

  VaultOptions forVault() {
    return new VaultOptions(
        cacheDirectory,
        cacheBytes,
        stateDirectory,
        parallelism,
        passphraseCost,
        chunkSizes,
        firstPartialBytes,
        packSizes,
        logRules,
        pause,
        retry,
        despiteDamage,
        logMemory.map(memory -> id -> new HostMemory(memory, id)),
        limits,
        Meters.ofStore(),
        slotLabel);
  }

  /** Collects options. Used by one thread. */
  public static final class Builder {

    private final Map<String, List<String>> storeOptions = new TreeMap<>();
    private Optional<Path> cacheDirectory = Optional.of(userDirectory("XDG_CACHE_HOME", ".cache"));
    private long cacheBytes = 256L << 20;
    private Optional<Path> stateDirectory =
        Optional.of(userDirectory("XDG_STATE_HOME", ".local/state"));
    private int parallelism = Runtime.getRuntime().availableProcessors();
    private Argon2Cost passphraseCost = Argon2Cost.DEFAULT;
    private ChunkerSizes chunkSizes = ChunkerSizes.DEFAULT;
    private long firstPartialBytes = 256L << 20;
    private PackSizes packSizes = PackSizes.DEFAULT;
    private LogRules logRules = LogRules.REAL;
    private Pause pause = new VerbPause();
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private boolean despiteDamage;
    private Optional<LogMemory> logMemory = Optional.empty();
    private OptionalLong uploadLimit = OptionalLong.empty();
    private OptionalLong downloadLimit = OptionalLong.empty();
    private String slotLabel = "first";

    private Builder() {}

    /** Adds a setting of the store that the location names, as its documentation lists them. */
    public Builder storeOption(String name, String value) {
      storeOptions.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      return this;
    }

    /** Keeps copies of sealed items below {@code directory}; safe to delete at any time. */
    public Builder cacheDirectory(Path directory) {
      cacheDirectory = Optional.of(directory);
      return this;
    }

    /**
     * Keeps at most so many bytes of the log and of catalogs in the cache directory, for each
     * repository, beside the index; 256 MiB unless set, 0 for none. Of a repository in a directory
     * nothing of this is kept.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder cacheBytes(long most) {
      if (most < 0) {
        throw new IllegalArgumentException("A cache has 0 bytes or more, not " + most);
      }
      cacheBytes = most;
      return this;
    }

    /** Keeps copies in temporary files only. */
    public Builder withoutCache() {
      cacheDirectory = Optional.empty();
      return this;
    }

    /**
     * Remembers in {@code directory} how far the log of each repository was seen, so that an older
     * state of the store is noticed; not to be deleted with caches. {@code ~/.local/state/varve} by
     * default.
     */
    public Builder stateDirectory(Path directory) {
      stateDirectory = Optional.of(directory);
      return this;
    }

    /** Remembers in the host's own way, instead of in a directory, how far each log was seen. */
    public Builder logMemory(LogMemory memory) {
      logMemory = Optional.of(memory);
      return this;
    }

    /**
     * Opens the repository although its config, or slots of its log, are lost, or the store shows
     * an older state than was seen before. What can be read can be restored; nothing can be written
     * until a {@linkplain Repository#repair repair} has put it right.
     */
    public Builder despiteDamage() {
      despiteDamage = true;
      return this;
    }

    /** Remembers nothing on this machine; an older state of the store is then not noticed. */
    public Builder withoutState() {
      stateDirectory = Optional.empty();
      return this;
    }

    /**
     * Sets how many threads read contents at once, and as many again compress and seal; the
     * machine's processors by default.
     *
     * @throws IllegalArgumentException unless it is from 1 to 64
     */
    public Builder parallelism(int threads) {
      if (threads < 1 || threads > 64) {
        throw new IllegalArgumentException("Threads are 1 to 64, not " + threads);
      }
      parallelism = threads;
      return this;
    }

    /**
     * Sets how hard it is to try a passphrase, for slots made from now on: Argon2id with so much
     * memory and so many passes (RFC 9106). Less than the default, 64 MiB and 3, is for tests.
     *
     * @throws IllegalArgumentException unless memory is 1 MiB to 1 GiB and passes 1 to 16
     */
    public Builder passphraseCost(int memoryKib, int passes) {
      passphraseCost = new Argon2Cost(memoryKib, passes, 1);
      return this;
    }

    /**
     * Sets the sizes of chunks, for a repository being made: least, normal and largest, in bytes;
     * 128 KiB, 512 KiB and 2 MiB by default.
     *
     * @throws IllegalArgumentException unless 4 KiB ≤ least &lt; normal &lt; largest ≤ 8 MiB
     */
    public Builder chunkSizes(int leastBytes, int normalBytes, int largestBytes) {
      chunkSizes = ChunkerSizes.of(leastBytes, normalBytes, largestBytes);
      return this;
    }

    /** Sets what the first key slot is called, for a repository being made. */
    public Builder slotLabel(String label) {
      slotLabel = label;
      return this;
    }

    /**
     * Sets how long a call of the store is tried again that fails in a way that may pass, such as a
     * server that does not answer: 5 minutes unless set; zero gives up at once.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder retryFor(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("Nothing can be tried for " + time);
      }
      retry = RetryPolicy.within(time);
      return this;
    }

    /**
     * Sends at most so many bytes of contents a second to the store, over all that goes on in this
     * repository at once. From 64 KiB on.
     */
    public Builder uploadLimit(long bytesPerSecond) {
      uploadLimit = OptionalLong.of(bytesPerSecond);
      return this;
    }

    /** Fetches at most so many bytes of contents a second from the store. From 64 KiB on. */
    public Builder downloadLimit(long bytesPerSecond) {
      downloadLimit = OptionalLong.of(bytesPerSecond);
      return this;
    }

    /** Leaves the first trace of a running backup after so many bytes were stored, for tests. */
    Builder firstPartialBytes(long bytes) {
      firstPartialBytes = bytes;
      return this;
    }

    /** Makes packs and blocks of other sizes, for tests. */
    Builder packSizes(int packBytes, int blockBytes) {
      packSizes = new PackSizes(packBytes, blockBytes);
      return this;
    }

    /** Goes by other rules where it appends to the log, for tests. */
    Builder logRules(LogRules rules) {
      logRules = rules;
      return this;
    }

    /** Waits in another way before trying again, for tests. */
    Builder pause(Pause instead) {
      pause = instead;
      return this;
    }

    /** Does everything on the caller's thread, always in the same order, for tests. */
    Builder inline() {
      parallelism = 0;
      return this;
    }

    /**
     * The options.
     *
     * @throws dev.varve.ConfigurationException if a limit is less than 64 KiB a second
     */
    public RepositoryOptions build() {
      return new RepositoryOptions(this);
    }

    private static Path userDirectory(String variable, String inHome) {
      String directory = System.getenv(variable);
      return directory != null && !directory.isEmpty()
          ? Path.of(directory, "varve")
          : Path.of(System.getProperty("user.home", "."), inHome, "varve");
    }
  }
}
