/** The contract tests of the example plugins. */
@NullMarked
package dev.varve.examples.plugin;

import org.jspecify.annotations.NullMarked;
