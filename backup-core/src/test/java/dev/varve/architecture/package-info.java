/** Rules about the code as a whole. */
@NullMarked
package dev.varve.architecture;

import org.jspecify.annotations.NullMarked;
