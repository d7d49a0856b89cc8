/** PostgreSQL, tried on a real one. */
@NullMarked
package dev.varve.source.jdbc.internal.postgresql;

import org.jspecify.annotations.NullMarked;
