/** Rows in a form that any database can take, and tables by what JDBC alone tells of them. */
@NullMarked
package dev.varve.source.jdbc.internal.portable;

import org.jspecify.annotations.NullMarked;
