/** How the command line shows things: for people, as JSON, and while they go on. */
@NullMarked
package dev.varve.examples.cli.show;

import org.jspecify.annotations.NullMarked;
