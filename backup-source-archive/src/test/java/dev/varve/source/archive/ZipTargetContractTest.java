package dev.varve.source.archive;

class ZipTargetContractTest extends ArchiveTargetContractTest {

  @Override
  ArchiveTarget.Format format() {
    return ArchiveTarget.Format.ZIP;
  }
}
