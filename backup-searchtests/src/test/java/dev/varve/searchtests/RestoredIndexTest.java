package dev.varve.searchtests;

import dev.varve.Snapshot;
import dev.varve.examples.RestoredIndex;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** The example: an index is the same again, whatever a test has done to it. */
class RestoredIndexTest extends OnEveryNode {

  RestoredIndexTest(Node node) {
    super(node);
  }

  @Test
  void load_afterATestHasChangedIt_isAsItWasSaved() {
    String name = prefix + "orders";
    http.put("/" + name + "/_doc/1?refresh=true", "{\"customer\":\"ada\"}");
    SortedMap<String, String> before = ClusterView.documents(http, name);
    RestoredIndex index = new RestoredIndex(name);
    Snapshot snapshot = index.save(repository(), url());
    http.put("/" + name + "/_doc/2?refresh=true", "{\"customer\":\"grace\"}");

    index.load(repository(), snapshot, url());

    ClusterView.assertSame(before, ClusterView.documents(http, name), name);
  }
}
