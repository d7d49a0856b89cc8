/** The entries of a snapshot as one sorted stream of chunks. */
@NullMarked
package dev.varve.internal.catalog;

import org.jspecify.annotations.NullMarked;
