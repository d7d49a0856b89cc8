package dev.varve.internal.repair;

import dev.varve.internal.log.Log;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is wrong with what everything else rests on.
 *
 * @param log the log folded from its first slot, as far as it can be read
 * @param config what is wrong with the config
 * @param damaged what is wrong with slots that can be read all the same, by their keys
 */
record LogWounds(Log log, Optional<String> config, SortedMap<String, String> damaged) {}
