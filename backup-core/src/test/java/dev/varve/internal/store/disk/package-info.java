/** A simulated disk below {@code java.nio.file}: loses power, fails, cannot link. */
@NullMarked
package dev.varve.internal.store.disk;

import org.jspecify.annotations.NullMarked;
