/** Restores: chunks become what a target takes. */
@NullMarked
package dev.varve.internal.restore;

import org.jspecify.annotations.NullMarked;
