/** What unlocks a repository. */
@NullMarked
package dev.varve.key;

import org.jspecify.annotations.NullMarked;
