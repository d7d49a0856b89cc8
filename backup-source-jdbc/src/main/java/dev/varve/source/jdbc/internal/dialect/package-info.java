/** What the frame of a dump and what knows one kind of database have to say to each other. */
@NullMarked
package dev.varve.source.jdbc.internal.dialect;

import org.jspecify.annotations.NullMarked;
