package dev.varve.source.elasticsearch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of each document of a batch.
 *
 * @param problems by the number of the document, from 0; those that were written are not here
 */
record BulkAnswer(List<Problem> problems) {

  /** Only what is needed to tell, in the order of the documents. */
  static final String FILTER = "filter_path=errors,items.*.status,items.*.error";

  /**
   * A document was not written.
   *
   * @param document its number in the batch
   * @param status as in HTTP
   * @param type the kind of error
   * @param reason what the cluster says
   */
  record Problem(int document, int status, String type, String reason) {

    /** Whether it may be written if it is sent again later. */
    boolean passing() {
      return (status == 429 || status == 503 || status == 504) && !blocked();
    }

    /** Whether no document can be written to the index until somebody does something. */
    boolean blocked() {
      return type.equals("cluster_block_exception") || reason.contains("flood-stage watermark");
    }

    /** Whether a newer version is there, or any, where none must be. */
    boolean conflicting() {
      return status == 409;
    }
  }

  /**
   * Reads an answer about {@code documents} documents.
   *
   * @throws IOException if it does not speak of all of them
   */
  static BulkAnswer parse(byte[] body, int documents) throws IOException {
    RawJson answer = RawJson.of(body);
    List<Problem> problems = new ArrayList<>();
    Optional<RawJson> errors = answer.find("errors");
    if (errors.isEmpty()) {
      throw new IOException("The cluster does not say whether documents were written");
    }
    int number = 0;
    try (JsonParser parser = RawJson.FACTORY.createParser(body)) {
      toItems(parser);
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        number++;
        parser.skipChildren();
      }
    }
    if (number != documents) {
      throw new IOException(
          "The cluster answers for " + number + " documents where " + documents + " were sent");
    }
    if (!errors.get().isTrue()) {
      return new BulkAnswer(problems);
    }
    int document = 0;
    for (RawJson item : answer.at("items").items()) {
      Map<String, RawJson> fields = item.fields().values().iterator().next().fields();
      RawJson status = fields.get("status");
      RawJson error = fields.get("error");
      int said = status == null ? 500 : (int) status.number();
      if (error != null || said / 100 != 2) {
        problems.add(
            new Problem(
                document,
                said,
                error == null ? "" : ServerException.typeOf(error),
                error == null ? "status " + said : ServerException.reasonOf(error)));
      }
      document++;
    }
    return new BulkAnswer(problems);
  }

  private static void toItems(JsonParser parser) throws IOException {
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean items = parser.currentName().equals("items");
      parser.nextToken();
      if (items) {
        return;
      }
      parser.skipChildren();
    }
    throw new IOException("The cluster does not answer for each document");
  }
}
