/** Backups: what a source shows becomes a catalog and chunks. */
@NullMarked
package dev.varve.internal.archive;

import org.jspecify.annotations.NullMarked;
