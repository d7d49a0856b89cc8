/** The door: open a repository and back up, browse, check and restore with it. */
@NullMarked
package dev.varve.repository;

import org.jspecify.annotations.NullMarked;
