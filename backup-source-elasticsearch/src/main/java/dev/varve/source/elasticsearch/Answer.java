package dev.varve.source.elasticsearch;

/**
 * A whole answer.
 *
 * @param call what was asked
 * @param status the HTTP status
 * @param body owned by whoever holds this
 */
record Answer(Call call, int status, byte[] body) {

  /**
   * The body, if the cluster said yes.
   *
   * @throws ServerException if it said no
   */
  RawJson accepted() throws ServerException {
    if (status / 100 != 2) {
      throw ServerException.of(call, status, body);
    }
    return RawJson.of(body);
  }
}
