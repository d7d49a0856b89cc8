/** Tests of databases on a real MariaDB, started once for all of them. */
@NullMarked
package dev.varve.mariadbtests;

import org.jspecify.annotations.NullMarked;
