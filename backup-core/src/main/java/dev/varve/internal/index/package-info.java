/** Which chunk lies in which block of which pack. */
@NullMarked
package dev.varve.internal.index;

import org.jspecify.annotations.NullMarked;
