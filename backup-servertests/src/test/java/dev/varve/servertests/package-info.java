/** Tests on real servers, started once for all of them. */
@NullMarked
package dev.varve.servertests;

import org.jspecify.annotations.NullMarked;
