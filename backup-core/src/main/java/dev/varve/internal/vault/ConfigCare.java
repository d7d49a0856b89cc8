package dev.varve.internal.vault;

import dev.varve.internal.format.FormatException;
import dev.varve.internal.format.NewerFormatException;
import dev.varve.internal.format.RepositoryId;
import dev.varve.store.Body;
import dev.varve.store.Store;
import dev.varve.store.Stored;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;

/** Looks after the config, which nothing but its id depends on. Stateless. */
public final class ConfigCare {

  /** Where it rests. */
  public static final String KEY = Config.KEY;

  private ConfigCare() {}

  /** Whether it is there. */
  public static boolean exists(Store store) throws IOException {
    return Items.find(store, KEY).isPresent();
  }

  /**
   * What is wrong with it, if anything is.
   *
   * @throws NewerFormatException if it was written by a newer software
   */
  public static Optional<String> damage(Store store) throws IOException {
    Optional<Stored> item = Items.find(store, KEY);
    if (item.isEmpty()) {
      return Optional.of("The config is missing");
    }
    try {
      Config.read(Items.read(store, item.get(), Config.MAX_BYTES));
      return Optional.empty();
    } catch (NewerFormatException e) {
      throw e;
    } catch (FormatException e) {
      return Optional.of("The config is damaged: " + e.getMessage());
    }
  }

  /** Makes it where it is missing; whoever was quicker made the same. */
  public static void make(Store store, RepositoryId repository) throws IOException {
    try {
      store.create(KEY, Body.of(new Config(repository).toBytes()));
    } catch (FileAlreadyExistsException e) {
      if (damage(store).isPresent()) {
        throw e;
      }
    }
  }
}
