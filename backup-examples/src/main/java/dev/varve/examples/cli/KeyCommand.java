package dev.varve.examples.cli;

import picocli.CommandLine.Command;

/** {@code varve key}, which only has commands of its own. */
@Command(
    name = "key",
    synopsisSubcommandLabel = "COMMAND",
    description = "List, add, remove or change what unlocks the repository.")
final class KeyCommand {}
