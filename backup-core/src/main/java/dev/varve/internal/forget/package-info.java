/** Letting go of snapshots, labelling them, and bringing them back. */
@NullMarked
package dev.varve.internal.forget;

import org.jspecify.annotations.NullMarked;
