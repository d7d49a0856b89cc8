package dev.varve.key;

/** What unlocks a repository. Its {@code toString} never shows a secret. */
public sealed interface Key permits Passphrase, KeyFile, KeyWrap {}
