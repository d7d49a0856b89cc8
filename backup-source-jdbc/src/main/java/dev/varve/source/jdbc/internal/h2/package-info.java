/** H2. */
@NullMarked
package dev.varve.source.jdbc.internal.h2;

import org.jspecify.annotations.NullMarked;
