package dev.varve.searchtests;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that run on every node. */
@ParameterizedClass
@MethodSource("dev.varve.searchtests.Node#all")
abstract class OnEveryNode extends OnNode {

  OnEveryNode(Node node) {
    super(node);
  }
}
