/** The store in a directory, what every store is wrapped in, and how plugins are found. */
@NullMarked
package dev.varve.internal.store;

import org.jspecify.annotations.NullMarked;
