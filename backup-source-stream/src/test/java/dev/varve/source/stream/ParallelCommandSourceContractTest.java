package dev.varve.source.stream;

class ParallelCommandSourceContractTest extends CommandSourceContractTest {

  @Override
  int parallel() {
    return 3;
  }
}
