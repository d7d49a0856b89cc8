/** Looking for damage, and repairing what can be repaired. */
@NullMarked
package dev.varve.internal.repair;

import org.jspecify.annotations.NullMarked;
