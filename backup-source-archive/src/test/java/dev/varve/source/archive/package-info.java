/** Tests of archives. */
@NullMarked
package dev.varve.source.archive;

import org.jspecify.annotations.NullMarked;
