/** Tests of catalogs, above chunks kept in memory. */
@NullMarked
package dev.varve.internal.catalog;

import org.jspecify.annotations.NullMarked;
