/** Plugins as examples: a store and a source that {@code docs/writing-a-plugin.md} explains. */
@NullMarked
package dev.varve.examples.plugin;

import org.jspecify.annotations.NullMarked;
