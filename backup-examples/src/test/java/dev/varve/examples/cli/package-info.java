/** The command line, tested as scripts and people use it. */
@NullMarked
package dev.varve.examples.cli;

import org.jspecify.annotations.NullMarked;
