/** Giving back the room that no snapshot needs. */
@NullMarked
package dev.varve.internal.prune;

import org.jspecify.annotations.NullMarked;
