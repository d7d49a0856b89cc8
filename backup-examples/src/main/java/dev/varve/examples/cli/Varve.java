package dev.varve.examples.cli;

import dev.varve.ConfigurationException;
import dev.varve.StoreReport;
import dev.varve.examples.cli.show.BarProgress;
import dev.varve.examples.cli.show.Json;
import dev.varve.examples.cli.show.JsonProgress;
import dev.varve.examples.cli.show.PlainProgress;
import dev.varve.examples.cli.show.ProgressView;
import dev.varve.examples.cli.show.QuietProgress;
import dev.varve.key.Key;
import dev.varve.repository.Plugins;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that all commands share, and what a command needs besides its own: the repository
 * they name and a place for its answer. Used by one thread.
 */
@Command(
    name = "varve",
    synopsisHeading = "Usage: ",
    description = "Deduplicated, compressed, encrypted snapshots of files and more.",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions, before or after the command:%n",
    footer = {
      "",
      "Also from the environment: VARVE_REPO, VARVE_PASSPHRASE, VARVE_PASSPHRASE_FILE,",
      "VARVE_KEY_FILE, VARVE_HOST. VARVE_DEBUG=1 shows where an error comes from.",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some entries could not be",
      "read or written, or one of several repositories failed (each is named).",
    })
final class Varve {

  private final Surroundings surroundings;
  private final Repeated<String> repos = new Repeated<>();
  private final Map<String, String> repoOptions = new LinkedHashMap<>();
  private final Repeated<Path> passphraseFiles = new Repeated<>();
  private final Repeated<Path> keyFiles = new Repeated<>();

  @Option(
      names = "--repo",
      paramLabel = "LOCATION",
      scope = ScopeType.INHERIT,
      description = {
        "The repository: a directory, or a location with a scheme.",
        "Several for backup and restore."
      })
  void repos(List<String> given) {
    repos.take(given);
  }

  @Option(
      names = "--repo-option",
      paramLabel = "NAME=VALUE",
      scope = ScopeType.INHERIT,
      description = {
        "A setting of the repository's store; may be repeated.",
        "2.NAME=VALUE is for the second of several."
      })
  void repoOptions(Map<String, String> given) {
    repoOptions.putAll(given);
  }

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A file whose first line is the passphrase.")
  void passphraseFiles(List<Path> given) {
    passphraseFiles.take(given);
  }

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A file with a key instead of a passphrase.")
  void keyFiles(List<Path> given) {
    keyFiles.take(given);
  }

  @Option(
      names = "--limit-upload",
      paramLabel = "SIZE",
      scope = ScopeType.INHERIT,
      description = "Send at most this much a second to a repository, e.g. 500K or 2M.")
  private Optional<String> uploadLimit = Optional.empty();

  @Option(
      names = "--limit-download",
      paramLabel = "SIZE",
      scope = ScopeType.INHERIT,
      description = "Fetch at most this much a second from a repository.")
  private Optional<String> downloadLimit = Optional.empty();

  @Option(
      names = "--retry-for",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      description = "How long to go on asking a store that fails: 20s, 5min (the default), 2h.")
  private Optional<String> retryFor = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Answer with one JSON value, or one event a line for long work.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Show no progress and no summary, only answers, problems and errors.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // Picocli wants a place for it.
  private boolean help;

  Varve(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Opens the repository that is there. */
  Repository open() {
    String where = location();
    Key key = keys().existing(passphraseFile(), keyFileOption());
    RepositoryOptions options = options();
    return Repository.open(store(where, repoOptions), key, options);
  }

  /** How many repositories are given. */
  int count() {
    return Math.max(1, repos.all().size());
  }

  /** Where one of several is, numbered from 0. */
  String location(int number) {
    return repos.all().isEmpty() ? location() : repos.all().get(number);
  }

  /** Opens one of several, numbered from 0, or makes it if there is none. */
  Repository open(int number, boolean init) {
    Optional<Path> passphrase = one(passphraseFiles.all(), number, "--passphrase-file");
    Optional<Path> key = one(keyFiles.all(), number, "--key-file");
    RepositoryOptions.Builder builder = RepositoryOptions.builder();
    optionsOf(number).forEach(builder::storeOption);
    RepositoryOptions options = options(builder);
    String location = location(number);
    return init
        ? Repository.openOrCreate(location, keys().initial(passphrase, key), options)
        : Repository.open(location, keys().existing(passphrase, key), options);
  }

  /** One for all, or one for each in their order. */
  private Optional<Path> one(List<Path> files, int number, String option) {
    if (files.size() > 1 && files.size() != count()) {
      throw new UsageException(
          "Give " + option + " once for all repositories, or once for each in their order");
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(files.get(files.size() == 1 ? 0 : number));
  }

  private Map<String, String> optionsOf(int number) {
    Map<String, String> own = new LinkedHashMap<>();
    repoOptions.forEach(
        (name, value) -> {
          boolean numbered = name.matches("[0-9]+\\..+");
          String front = (number + 1) + ".";
          if (!numbered) {
            own.put(name, value);
          } else if (name.startsWith(front)) {
            own.put(name.substring(front.length()), value);
          }
        });
    return own;
  }

  private Optional<Path> passphraseFile() {
    return one(passphraseFiles.all(), 0, "--passphrase-file");
  }

  private Optional<Path> keyFileOption() {
    return one(keyFiles.all(), 0, "--key-file");
  }

  /** Opens another repository, by its own key or by the one that opens this. */
  Repository openOther(
      String location,
      Map<String, String> storeOptions,
      Optional<Path> otherPassphraseFile,
      Optional<Path> otherKeyFile) {
    Key key = keys().other(otherPassphraseFile, otherKeyFile, passphraseFile(), keyFileOption());
    RepositoryOptions options = options();
    return Repository.open(store(location, storeOptions), key, options);
  }

  /** Opens the repository that is there, though parts of what it rests on may be lost. */
  Repository openDespiteDamage() {
    String where = location();
    Key key = keys().existing(passphraseFile(), keyFileOption());
    RepositoryOptions options = options(RepositoryOptions.builder().despiteDamage());
    return Repository.open(store(where, repoOptions), key, options);
  }

  /** Opens the repository, making it if there is none. */
  Repository openOrCreate() {
    String where = location();
    Key key = keys().initial(passphraseFile(), keyFileOption());
    RepositoryOptions options = options();
    return Repository.openOrCreate(store(where, repoOptions), key, options);
  }

  /** Makes a repository where there is none. */
  Repository create() {
    String where = location();
    Key key = keys().initial(passphraseFile(), keyFileOption());
    RepositoryOptions options = options();
    return Repository.create(store(where, repoOptions), key, options);
  }

  /** Where the repository is. */
  String location() {
    if (repos.all().size() > 1) {
      throw new UsageException(
          "This command takes one --repo; several are for 'varve backup' and 'varve restore'");
    }
    return repos.all().stream()
        .findFirst()
        .or(() -> surroundings.variable("VARVE_REPO"))
        .orElseThrow(
            () ->
                new UsageException(
                    "No repository is given; use --repo LOCATION or set VARVE_REPO"));
  }

  /** Asks the store at a location whether it does what repositories need. */
  StoreReport checkStore(String location) {
    try {
      return Plugins.checkStore(location, lists(repoOptions));
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The key file given by option or environment. */
  Optional<Path> keyFile() {
    return keyFileOption().or(() -> surroundings.variable("VARVE_KEY_FILE").map(Path::of));
  }

  /** How keys are found. */
  KeyChoice keys() {
    return new KeyChoice(surroundings);
  }

  /** What the command runs in. */
  Surroundings surroundings() {
    return surroundings;
  }

  /** Whether the answer is JSON. */
  boolean json() {
    return json;
  }

  /** A writer for an answer in JSON. */
  Json newJson() throws IOException {
    return new Json(surroundings.out());
  }

  /** A view of long work: JSON events, a bar, lines, or problems only. */
  ProgressView newProgress() throws IOException {
    if (json) {
      return new JsonProgress(newJson(), quiet);
    }
    if (quiet) {
      return new QuietProgress(surroundings.err());
    }
    return surroundings.terminalColumns().isPresent()
        ? new BarProgress(surroundings.err(), surroundings.terminalColumns().getAsInt())
        : new PlainProgress(surroundings.err());
  }

  /** Writes a line of the answer. */
  void answer(String line) {
    try {
      surroundings.out().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line of a summary, which {@code --quiet} leaves out. */
  void summary(String line) {
    if (!quiet) {
      answer(line);
    }
  }

  /** Says something to the person that is not part of the answer, unless {@code --quiet}. */
  void note(String line) {
    if (!quiet) {
      surroundings.err().println(line);
    }
  }

  /** A location or a setting that makes no sense is wrong usage, unlike a store that fails. */
  private static Store store(String location, Map<String, String> settings) {
    try {
      return Plugins.store(location, lists(settings));
    } catch (ConfigurationException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, List<String>> lists(Map<String, String> settings) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    settings.forEach((name, value) -> lists.put(name, List.of(value)));
    return lists;
  }

  private RepositoryOptions options() {
    return options(RepositoryOptions.builder());
  }

  private RepositoryOptions options(RepositoryOptions.Builder options) {
    retryFor.ifPresent(typed -> options.retryFor(retryTime(typed)));
    uploadLimit.ifPresent(
        typed -> options.uploadLimit(SizeArgument.bytes("--limit-upload", typed)));
    downloadLimit.ifPresent(
        typed -> options.downloadLimit(SizeArgument.bytes("--limit-download", typed)));
    surroundings
        .variable("XDG_CACHE_HOME")
        .ifPresent(cache -> options.cacheDirectory(Path.of(cache, "varve")));
    surroundings
        .variable("XDG_STATE_HOME")
        .ifPresent(state -> options.stateDirectory(Path.of(state, "varve")));
    try {
      return options.build();
    } catch (ConfigurationException outOfRange) {
      throw new UsageException(String.valueOf(outOfRange.getMessage()));
    }
  }

  private static Duration retryTime(String typed) {
    return typed.matches("[0-9]{1,6}s")
        ? Duration.ofSeconds(Long.parseLong(typed.substring(0, typed.length() - 1)))
        : Age.parse("--retry-for", typed).length();
  }
}
