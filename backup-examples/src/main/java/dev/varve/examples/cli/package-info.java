/** The {@code varve} command line: a thin layer over the public API, one class a command. */
@NullMarked
package dev.varve.examples.cli;

import org.jspecify.annotations.NullMarked;
