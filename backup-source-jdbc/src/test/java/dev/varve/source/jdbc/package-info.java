@NullMarked
package dev.varve.source.jdbc;

import org.jspecify.annotations.NullMarked;
