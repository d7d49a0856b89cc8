/** How the command line shows things, tested. */
@NullMarked
package dev.varve.examples.cli.show;

import org.jspecify.annotations.NullMarked;
