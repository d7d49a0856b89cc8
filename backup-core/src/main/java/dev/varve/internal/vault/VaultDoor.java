package dev.varve.internal.vault;

import dev.varve.ConfigurationException;
import dev.varve.CorruptRepositoryException;
import dev.varve.internal.crypto.KeyPurpose;
import dev.varve.internal.crypto.KeySlotItem;
import dev.varve.internal.crypto.RepositoryKeys;
import dev.varve.internal.crypto.SelfTest;
import dev.varve.internal.crypto.SmallSeal;
import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.internal.index.RunCache;
import dev.varve.internal.log.Log;
import dev.varve.internal.log.LogPlace;
import dev.varve.internal.log.LostSlotException;
import dev.varve.internal.log.RememberedFile;
import dev.varve.internal.log.RememberedHead;
import dev.varve.internal.log.RollbackException;
import dev.varve.internal.log.Settings;
import dev.varve.internal.store.DirectoryStore;
import dev.varve.internal.store.MeteredStore;
import dev.varve.internal.store.ReadCache;
import dev.varve.internal.store.RetryPolicy;
import dev.varve.internal.store.RetryingStore;
import dev.varve.internal.task.Lane;
import dev.varve.internal.task.Threads;
import dev.varve.key.Key;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and makes repositories in one store, which is closed if that fails. Used by one thread,
 * once.
 *
 * <p>A repository comes to be in this order: a key slot, the config, slot 0 of the log. The config
 * decides: its creation succeeds once, and the repository's id in it follows from the root of the
 * keys, so that what another maker left before is recognised as foreign. What is missing after a
 * crash in between is made by who opens it next.
 */
public final class VaultDoor {

  private static final Logger LOG = LoggerFactory.getLogger("dev.varve");
  private static final int COMPRESSION_LEVEL = 3;

  /** Tries what nothing rests on. */
  private static final RetryPolicy HASTY =
      new RetryPolicy(4, Duration.ofSeconds(15), Duration.ofMillis(250), Duration.ofSeconds(4));

  private final RetryingStore store;
  private final RetryingStore hastyStore;
  private final VaultOptions options;
  private final boolean local;

  /** A door to {@code store}. */
  public VaultDoor(Store store, VaultOptions options) {
    Store measured =
        options.meter().isPresent() ? new MeteredStore(store, options.meter().get()) : store;
    Store limited = options.limits().limit(measured, options.pause());
    this.store = new RetryingStore(limited, options.retry(), options.pause());
    this.hastyStore = new RetryingStore(measured, hasty(options.retry()), options.pause());
    this.options = options;
    this.local = store instanceof DirectoryStore;
  }

  private static RetryPolicy hasty(RetryPolicy retry) {
    return retry.total().compareTo(HASTY.total()) < 0 ? retry : HASTY;
  }

  /**
   * An opened repository.
   *
   * @param vault the repository
   * @param slotId the key slot it was opened by
   */
  public record Entered(Vault vault, String slotId) {}

  /** Opens the repository that is there. */
  public Entered open(Key key) throws IOException {
    return closingOnFailure(
        () -> enter(options.despiteDamage() ? configDespiteDamage(key) : requireConfig(), key));
  }

  /** Makes a repository where there is none. */
  public Entered create(Key key) throws IOException {
    return closingOnFailure(
        () -> {
          if (!make(key)) {
            throw new ConfigurationException(
                "There is a repository at " + store + " already; open it, or choose another place");
          }
          return enter(requireConfig(), key);
        });
  }

  /** Opens the repository that is there, or makes it. */
  public Entered openOrCreate(Key key) throws IOException {
    return closingOnFailure(
        () -> {
          if (findConfig().isEmpty()) {
            make(key);
          }
          return enter(requireConfig(), key);
        });
  }

  private interface Way {
    Entered go() throws IOException;
  }

  private Entered closingOnFailure(Way way) throws IOException {
    try {
      SelfTest.run();
      return way.go();
    } catch (IOException | RuntimeException e) {
      try {
        store.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private Entered enter(Config config, Key key) throws IOException {
    RepositoryId id = config.repository();
    LocalNotes notes =
        new LocalNotes(options.cacheDirectory().map(directory -> directory.resolve(id.hex())));
    Slots.Opened opened = new Slots(store, id).open(key, notes);
    RepositoryKeys keys = opened.keys();
    if (keys.holdsRoot() && !keys.repositoryId().equals(id)) {
      throw new FormatException("The config names another repository than its keys belong to");
    }
    Threads threads =
        options.parallelism() == 0 ? Threads.inline() : Threads.start(options.parallelism());
    try {
      LogPlace place = logPlace(id, keys, threads);
      Log log = openLog(place);
      Vault vault =
          new Vault(
              place,
              keys,
              threads,
              log,
              runCache(id),
              notes,
              new Locks(hastyStore, place, log, options.pause()),
              options.firstPartialBytes(),
              options.packSizes());
      return new Entered(vault, opened.slot().id());
    } catch (IOException | RuntimeException e) {
      threads.close();
      throw e;
    }
  }

  /** Makes a repository; false if somebody else was quicker. */
  private boolean make(Key key) throws IOException {
    if (configOrNothing().isPresent()) {
      return false;
    }
    RepositoryKeys keys = RepositoryKeys.generate();
    RepositoryId id = keys.repositoryId();
    Slots slots = new Slots(store, id);
    KeySlotItem slot = slots.add(keys, key, options.slotLabel(), options.passphraseCost());
    byte[] config = new Config(id).toBytes();
    try {
      store.create(Config.KEY, Body.of(config));
    } catch (FileAlreadyExistsException e) {
      if (!requireConfig().repository().equals(id)) {
        slots.remove(slot.id());
        return false;
      }
      // It is one's own: the store told the second of two deliveries of one request.
    }
    requireConditionalCreate(config);
    return true;
  }

  /** A store that lets items be created twice would lose commits. */
  private void requireConditionalCreate(byte[] config) throws IOException {
    if (store.createsTwice(Config.KEY, Body.of(config))) {
      throw new ConfigurationException(
          "The store "
              + store
              + " creates items that exist already; several writers would lose each other's"
              + " commits. Use a store with conditional creation");
    }
  }

  /** The config; none only where there is no repository. */
  private Optional<Config> configOrNothing() throws IOException {
    Optional<Config> config = findConfig();
    if (config.isPresent() || isEmpty()) {
      return config;
    }
    // Somebody may have made the repository between these looks.
    config = findConfig();
    if (config.isEmpty()) {
      throw new CorruptRepositoryException(
          "There are items of a repository at "
              + store
              + ", but its config is missing; run repair, or bring the item '"
              + Config.KEY
              + "' back from a copy");
    }
    return config;
  }

  private boolean isEmpty() throws IOException {
    for (String prefix : List.of("log/", "packs/", "index/")) {
      if (!store.list(prefix, "").items().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Most configs are as long as this software writes them, and so are had without a listing. */
  private Optional<Config> findConfig() throws IOException {
    ByteBuffer usual = ByteBuffer.allocate(Config.USUAL_BYTES);
    try {
      store.read(Config.KEY, 0, usual);
      return Optional.of(Config.read(usual.array()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (EOFException | FormatException e) {
      LOG.debug("The config is not as this software writes it: {}", e.toString());
    }
    Optional<Stored> item = Items.find(store, Config.KEY);
    return item.isEmpty()
        ? Optional.empty()
        : Optional.of(Config.read(Items.read(store, item.get(), Config.MAX_BYTES)));
  }

  /** What the config says, or what it said by what a key slot hands out. */
  private Config configDespiteDamage(Key key) throws IOException {
    Optional<String> damage = ConfigCare.damage(store);
    if (damage.isEmpty()) {
      return requireConfig();
    }
    if (store.list(KeySlotItem.PREFIX, "").items().isEmpty()) {
      throw new ConfigurationException(
          "There is no repository at " + store + ", or neither its config nor a key slot is left");
    }
    RepositoryId found = Slots.findRepository(store, key);
    LOG.warn("{}; a key slot tells that it is the one of repository {}", damage.get(), found.hex());
    return new Config(found);
  }

  private Config requireConfig() throws IOException {
    Optional<Config> config = configOrNothing();
    if (config.isEmpty()) {
      throw new ConfigurationException(
          "There is no repository at "
              + store
              + "; check the location, or make one first ('varve init')");
    }
    return config.get();
  }

  private LogPlace logPlace(RepositoryId id, RepositoryKeys keys, Threads threads)
      throws IOException {
    // Beside a directory, copies in a directory save nothing.
    ReadCache copies =
        options.cacheBytes() > 0 && options.cacheDirectory().isPresent() && !local
            ? ReadCache.in(
                options.cacheDirectory().get().resolve(id.hex()).resolve("read"),
                options.cacheBytes())
            : ReadCache.none();
    return new LogPlace(
        store,
        copies,
        id,
        new SmallSeal(keys.key(KeyPurpose.SEAL_LOG)),
        threads.executor(Lane.TRANSFER),
        remembered(id),
        Vault.SOFTWARE,
        InstantSource.system(),
        options.pause(),
        note -> LOG.info("{}: {}", store, note),
        options.logRules());
  }

  private Log openExisting(LogPlace place) throws IOException {
    if (options.despiteDamage()) {
      return Log.openDamaged(place.afresh());
    }
    try {
      return Log.open(place, Log.Start.CHECKPOINT);
    } catch (FormatException | LostSlotException | RollbackException e) {
      if (place.copies().keepsNothing()) {
        throw e;
      }
      // Copies may be genuine and yet not what is there, if somebody has put them in their place.
      LOG.debug("The log is read again without local copies", e);
      return Log.open(place.afresh(), Log.Start.CHECKPOINT);
    }
  }

  /**
   * Opens the log; whoever made the repository may have died just before slot 0. But where anything
   * was ever stored, a log that is gone is lost and must not be begun again.
   */
  private Log openLog(LogPlace place) throws IOException {
    try {
      return openExisting(place);
    } catch (NoSuchFileException e) {
      boolean used = false;
      for (String prefix : List.of("index/", "packs/", "checkpoints/")) {
        used |= !store.list(prefix, "").items().isEmpty();
      }
      if (!store.list("log/", "").items().isEmpty()) {
        // Somebody else has begun it meanwhile; or its beginning is lost, which is told again.
        return openExisting(place);
      }
      if (used) {
        throw e;
      }
    }
    try {
      return Log.create(
          place,
          new Settings(place.repository(), options.chunkSizes(), COMPRESSION_LEVEL, List.of()));
    } catch (FileAlreadyExistsException e) {
      return Log.open(place, Log.Start.CHECKPOINT);
    }
  }

  private RememberedHead remembered(RepositoryId id) throws IOException {
    if (options.remembered().isPresent()) {
      return options.remembered().get().apply(id);
    }
    if (options.stateDirectory().isEmpty()) {
      return RememberedHead.NONE;
    }
    Path directory = options.stateDirectory().get();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be made; an older state of the store would not be noticed: {}",
          directory,
          e.toString());
      return RememberedHead.NONE;
    }
    return new RememberedFile(directory.resolve(id.hex() + ".head"));
  }

  private RunCache runCache(RepositoryId id) {
    return options
        .cacheDirectory()
        .map(directory -> RunCache.in(directory.resolve(id.hex()).resolve("index")))
        .orElseGet(RunCache::temporary);
  }
}
