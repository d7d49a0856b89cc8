package dev.varve.source.files;

import dev.varve.target.Target;

/** The same where the platform has no better way than paths. */
class FilesTargetPlainContractTest extends FilesTargetContractTest {

  @Override
  protected Target target() {
    return FilesTarget.into(directory).plain().verify();
  }
}
