/** Tests of what needs no server. */
@NullMarked
package dev.varve.source.jdbc.internal.mariadb;

import org.jspecify.annotations.NullMarked;
