/** Databases as a source and a target, by JDBC and without dump tools. */
@NullMarked
package dev.varve.source.jdbc;

import org.jspecify.annotations.NullMarked;
