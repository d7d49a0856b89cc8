/** Streams and the output of commands as sources of backups; commands as targets of restores. */
@NullMarked
package dev.varve.source.stream;

import org.jspecify.annotations.NullMarked;
