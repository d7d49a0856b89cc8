/** Files and directories as a source of backups and as a target of restores. */
@NullMarked
package dev.varve.source.files;

import org.jspecify.annotations.NullMarked;
