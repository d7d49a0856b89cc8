/** The small programs, tested. */
@NullMarked
package dev.varve.examples;

import org.jspecify.annotations.NullMarked;
