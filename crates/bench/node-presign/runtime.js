// A Lambda runtime of Node.js alone. AWS's own is larger and has a part in C++, so this is kinder to Node.js than
// Lambda is.
import http from "node:http";
import { createRequire } from "node:module";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const request = http.request({ agent, host, port, method, path: `/2018-06-01/runtime/${path}`, headers });
    request.on("error", reject);
    request.on("response", (response) => {
      const parts = [];
      response.on("error", reject);
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
    });
    request.end(body);
  });
}

const { handler } = createRequire(import.meta.url)(process.argv[2]);
for (;;) {
  const { headers, body } = await call("GET", "invocation/next");
  const id = headers["lambda-runtime-aws-request-id"];
  try {
    await call("POST", `invocation/${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
  } catch (error) {
    const told = { errorType: error.name, errorMessage: error.message };
    await call("POST", `invocation/${id}/error`, JSON.stringify(told));
  }
}
