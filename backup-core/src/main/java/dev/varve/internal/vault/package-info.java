/** A repository once it is opened, as all verbs use it, and how it comes to be. */
@NullMarked
package dev.varve.internal.vault;

import org.jspecify.annotations.NullMarked;
