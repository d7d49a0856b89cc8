/** What is known of MariaDB and MySQL. */
@NullMarked
package dev.varve.source.jdbc.internal.mariadb;

import org.jspecify.annotations.NullMarked;
