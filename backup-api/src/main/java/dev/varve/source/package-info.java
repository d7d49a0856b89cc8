/** What a plugin that reads something to be backed up implements. */
@NullMarked
package dev.varve.source;

import org.jspecify.annotations.NullMarked;
