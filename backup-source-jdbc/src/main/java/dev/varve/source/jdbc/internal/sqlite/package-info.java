/** SQLite. */
@NullMarked
package dev.varve.source.jdbc.internal.sqlite;

import org.jspecify.annotations.NullMarked;
