/** The objects of buckets, with the rights of the function's role. */

import { AwsClient } from "aws4fetch";

const SEQUENCER = "x-amz-meta-sequencer";

export class S3 {
  #client;
  #url;

  constructor({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL }) {
    this.#client = new AwsClient({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
      region: AWS_REGION,
      service: "s3",
      retries: 2,
    });
    // The local cloud is another endpoint, where the bucket is in the path.
    this.#url = (bucket) => AWS_ENDPOINT_URL ? `${AWS_ENDPOINT_URL}/${bucket}` : `https://${bucket}.s3.${AWS_REGION}.amazonaws.com`;
  }

  /** The answer; undefined for an object that does not exist. */
  async #send(method, bucket, key, more = {}) {
    const url = `${this.#url(bucket)}/${key.split("/").map(encodeURIComponent).join("/")}`;
    const answer = await this.#client.fetch(url, { method, ...more });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`S3 answers ${answer.status} to ${method}`);
    return answer;
  }

  /** The contents of an object; undefined if it does not exist. */
  async get(bucket, key) {
    const answer = await this.#send("GET", bucket, key);
    return answer && Buffer.from(await answer.arrayBuffer());
  }

  /** The sequencer in the metadata of an object; undefined if the object does not exist. */
  async sequencer(bucket, key) {
    const answer = await this.#send("HEAD", bucket, key);
    return answer && (answer.headers.get(SEQUENCER) ?? "");
  }

  /** Puts a JPEG with a sequencer in its metadata. */
  async put(bucket, key, jpeg, sequencer) {
    await this.#send("PUT", bucket, key, { body: jpeg, headers: { "content-type": "image/jpeg", [SEQUENCER]: sequencer } });
  }

  /** Deletes an object; one that does not exist is success. */
  async delete(bucket, key) {
    await this.#send("DELETE", bucket, key);
  }
}
