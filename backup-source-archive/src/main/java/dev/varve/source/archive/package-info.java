/** Archives as a source and as a target: tar, compressed or not, and zip. */
@NullMarked
package dev.varve.source.archive;

import org.jspecify.annotations.NullMarked;
