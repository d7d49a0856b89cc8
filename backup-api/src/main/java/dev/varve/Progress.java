package dev.varve;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a verb has come. Numbers only grow within a phase.
 *
 * @param phase what goes on, e.g. {@code reading}: one or two lower-case words
 * @param entries entries done
 * @param bytes bytes of content done
 * @param totalEntries entries there will be, once that is known
 * @param totalBytes bytes there will be, once that is known
 * @param current an entry being worked on
 */
public record Progress(
    String phase,
    long entries,
    long bytes,
    OptionalLong totalEntries,
    OptionalLong totalBytes,
    Optional<EntryPath> current) {}
