/** Small programs, one a task, and the {@code varve} command line. */
@NullMarked
package dev.varve.examples;

import org.jspecify.annotations.NullMarked;
