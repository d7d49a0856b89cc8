package dev.varve.examples.cli;

/** What the command line tells whoever called it. */
final class ExitCode {

  /** Everything was done. */
  static final int DONE = 0;

  /** It was not done. */
  static final int FAILED = 1;

  /** The arguments make no sense; nothing was tried. */
  static final int WRONG_USAGE = 2;

  /** It was done, but some entries could not be read or written; each is named. */
  static final int DONE_WITH_PROBLEMS = 3;

  private ExitCode() {}
}
