/** PostgreSQL 12 to 18, by its catalogs and its COPY protocol. */
@NullMarked
package dev.varve.source.jdbc.internal.postgresql;

import org.jspecify.annotations.NullMarked;
