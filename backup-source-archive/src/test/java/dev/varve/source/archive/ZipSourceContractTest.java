package dev.varve.source.archive;

class ZipSourceContractTest extends ArchiveSourceContractTest {

  @Override
  ArchiveTarget.Format format() {
    return ArchiveTarget.Format.ZIP;
  }
}
