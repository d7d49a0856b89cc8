package dev.varve.searchtests;

import dev.varve.Snapshot;
import dev.varve.source.elasticsearch.ElasticsearchTarget.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Everything that is carried, compared by the server's own interfaces. */
class RoundTripTest extends OnEveryNode {

  RoundTripTest(Node node) {
    super(node);
  }

  /** Puts text in which single quotes stand for double ones and {@code ~} for the prefix. */
  private void put(String path, String body) {
    http.put(path.replace("~", prefix), body.replace('\'', '"').replace("~", prefix));
  }

  private void prepare() {
    boolean complete = node.isComplete();
    put(
        "/_component_template/~settings",
        "{'template':{'settings':{'number_of_shards':2,'number_of_replicas':0}},'version':3,"
            + "'_meta':{'by':'a test'}}");
    put(
        "/_component_template/~mappings",
        "{'template':{'mappings':{'properties':{'@timestamp':{'type':'date'},'host':{'type':'keyword'}}},"
            + "'aliases':{}}}");
    put(
        "/_index_template/~plain",
        "{'index_patterns':['~plain-*'],'composed_of':['~settings','~mappings'],'priority':500,"
            + "'version':7,'template':{'mappings':{'dynamic':'strict','properties':{'n':{'type':'long'}}}}}");
    put(
        "/_template/~legacy",
        "{'index_patterns':['~legacy-*'],'order':2,'version':1,"
            + "'settings':{'number_of_shards':1,'number_of_replicas':0},"
            + "'aliases':{'~legacy':{}}}");
    put(
        "/_ingest/pipeline/~pipeline",
        complete
            ? "{'description':'marks','processors':[{'set':{'field':'marked','value':'yes'}}]}"
            : "{'description':'does nothing','processors':[]}");
    if (complete) {
      put(
          "/_scripts/~script",
          "{'script':{'lang':'painless','source':'doc[\\'n\\'].value * params.by'}}"
              .replace("\\'", "\\\""));
      put(
          "/_index_template/~stream",
          "{'index_patterns':['~stream*'],'data_stream':{},'composed_of':['~settings','~mappings'],"
              + "'priority':600}");
      http.bulk(
          List.of(
              "{\"create\":{\"_index\":\"" + prefix + "stream\",\"_id\":\"first\"}}",
              "{\"@timestamp\":\"2026-11-20T00:00:00Z\",\"host\":\"a\"}"));
      http.post("/" + prefix + "stream/_rollover", "");
      http.bulk(
          List.of(
              "{\"create\":{\"_index\":\"" + prefix + "stream\",\"_id\":\"second\"}}",
              "{\"@timestamp\":\"2026-11-21T00:00:00Z\",\"host\":\"b\"}"));
    }
    put("/~plain-1", "");
    put("/~plain-1/_doc/1?routing=r1&version=17&version_type=external", "{'n':1}");
    put("/~plain-1/_doc/2", "{'n':2,'host':'h'}");
    put("/~legacy-1/_doc/a", "{'any':[{'thing':1.50}]}");
    put("/~legacy-1/_doc/b", "{ 'any' :\n {} }");
    put(
        "/~rich",
        "{'settings':{'number_of_shards':3,'number_of_replicas':1,'refresh_interval':'30s',"
            + "'max_result_window':500,'index.mapping.total_fields.limit':2000,"
            + "'default_pipeline':'~pipeline',"
            + "'analysis':{'analyzer':{'mine':{'type':'custom','tokenizer':'standard','filter':['lowercase']}}}},"
            + "'mappings':{'_routing':{'required':true},'_meta':{'a':'b'},'dynamic_templates':[{'s':{"
            + "'match_mapping_type':'string','mapping':{'type':'keyword'}}}],"
            + "'properties':{'text':{'type':'text','analyzer':'mine','fields':{'raw':{'type':'keyword'}}},"
            + (complete
                ? "'join':{'type':'join','relations':{'parent':'child'}},"
                : "'join':{'type':'keyword'},")
            + "'nested':{'type':'nested','properties':{'x':{'type':'long'}}}}},"
            + "'aliases':{'~all':{},'~some':{'filter':{'term':{'text.raw':'x'}},'routing':'r',"
            + "'is_write_index':true}}}");
    put("/~rich/_doc/p?routing=one", "{'text':'A Text','join':'parent'}");
    String child = complete ? "{'name':'child','parent':'p'}" : "'child'";
    put("/~rich/_doc/c?routing=one", "{'join':" + child + ",'nested':[{'x':1}]}");
    put("/~rich/_doc/p?routing=two", "{'text':'other'}");
    put("/~hidden", "{'settings':{'hidden':true,'number_of_replicas':0}}");
    put("/~readonly", "{'settings':{'number_of_replicas':0}}");
    put("/~readonly/_doc/1", "{'kept':true}");
    put("/~readonly/_settings", "{'index.blocks.write':true}");
  }

  @Test
  void restore_everythingIntoNothing_isTheSame() {
    prepare();
    ClusterView before = view();
    Snapshot snapshot = backup();
    before.delete(http);

    restoreAll(snapshot, Mode.REFUSE);

    before.assertSame(view());
  }

  @Test
  void restore_everythingOverItself_isTheSame() {
    prepare();
    ClusterView before = view();
    Snapshot snapshot = backup();

    restoreAll(snapshot, Mode.PURGE);

    before.assertSame(view());
  }
}
