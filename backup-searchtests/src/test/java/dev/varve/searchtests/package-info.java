/** Tests on real nodes of search clusters, each started once for all of them. */
@NullMarked
package dev.varve.searchtests;

import org.jspecify.annotations.NullMarked;
