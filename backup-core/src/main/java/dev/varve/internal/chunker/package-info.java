/** Where content is cut. */
@NullMarked
package dev.varve.internal.chunker;

import org.jspecify.annotations.NullMarked;
