package dev.varve.source;

import dev.varve.PluginContext;

/** How a source speaks while it is read. Safe for use by many threads. */
public interface SourceContext extends PluginContext {}
