/** Keys, seals and ids: the one room a cryptographer must read. */
@NullMarked
package dev.varve.internal.crypto;

import org.jspecify.annotations.NullMarked;
