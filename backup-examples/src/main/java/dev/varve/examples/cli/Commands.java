package dev.varve.examples.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Puts the command line together. Stateless. Only the commands whose names appear among the
 * arguments are built, because each costs a short command some milliseconds; all of them where none
 * does, for help and suggestions.
 */
final class Commands {

  private static final Map<String, Function<Varve, Object>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("init", InitCommand::new);
    BY_NAME.put("backup", BackupCommand::new);
    BY_NAME.put("snapshots", SnapshotsCommand::new);
    BY_NAME.put("ls", LsCommand::new);
    BY_NAME.put("find", FindCommand::new);
    BY_NAME.put("diff", DiffCommand::new);
    BY_NAME.put("dump", DumpCommand::new);
    BY_NAME.put("restore", RestoreCommand::new);
    BY_NAME.put("copy", CopyCommand::new);
    BY_NAME.put("export", ExportCommand::new);
    BY_NAME.put("import", ImportCommand::new);
    BY_NAME.put("forget", ForgetCommand::new);
    BY_NAME.put("undelete", UndeleteCommand::new);
    BY_NAME.put("pin", PinCommand::new);
    BY_NAME.put("unpin", PinCommand.Undone::new);
    BY_NAME.put("tag", TagCommand::new);
    BY_NAME.put("prune", PruneCommand::new);
    BY_NAME.put("locks", LocksCommand::new);
    BY_NAME.put("check", CheckCommand::new);
    BY_NAME.put("repair", RepairCommand::new);
    BY_NAME.put("rewrite", RewriteCommand::new);
    BY_NAME.put("stats", StatsCommand::new);
    BY_NAME.put("key", Commands::key);
    BY_NAME.put("store", Commands::store);
    BY_NAME.put("version", VersionCommand::new);
  }

  private Commands() {}

  /** The command line that these arguments need. */
  static CommandLine line(Varve varve, String... arguments) {
    Set<String> named =
        Arrays.stream(arguments).filter(BY_NAME::containsKey).collect(Collectors.toSet());
    CommandLine line = new CommandLine(varve);
    BY_NAME.forEach(
        (name, command) -> {
          if (named.isEmpty() || named.contains(name)) {
            line.addSubcommand(name, command.apply(varve));
          }
        });
    return line.setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100);
  }

  private static CommandLine key(Varve varve) {
    return new CommandLine(new KeyCommand())
        .addSubcommand("list", new KeyListCommand(varve))
        .addSubcommand("add", new KeyAddCommand(varve))
        .addSubcommand("remove", new KeyRemoveCommand(varve))
        .addSubcommand("change", new KeyChangeCommand(varve));
  }

  private static CommandLine store(Varve varve) {
    return new CommandLine(new StoreCommand()).addSubcommand("check", new StoreCheckCommand(varve));
  }
}
