package dev.varve.examples.cli;

import picocli.CommandLine.Command;

/** {@code varve store}, which only has commands of its own. */
@Command(
    name = "store",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look at the place where a repository is or is to be.")
final class StoreCommand {}
