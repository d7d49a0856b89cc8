/** Tests of streams and commands. */
@NullMarked
package dev.varve.source.stream;

import org.jspecify.annotations.NullMarked;
