// IO's own client, as PAs run it: `node io_client.cjs <base URL>` reads calls as JSON from stdin,
// [[operation, parameters], ...], and prints for each what the client made of the answer. The
// operation "decode" is ours: it holds {value} against the client's type of the name {type}.
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");

const installed = createRequire(path.join(__dirname, "../../infra/local/package.json"));
const { createClient } = installed("@pagopa/io-functions-services-sdk/client");
const { readableReport } = installed("@pagopa/ts-commons/lib/reporters");

async function outcome(client, [operation, parameters]) {
  if (operation === "decode") {
    const types = installed(`@pagopa/io-functions-services-sdk/${parameters.type}`);
    const decoded = types[parameters.type].decode(parameters.value);
    return decoded._tag === "Left"
      ? { refused: readableReport(decoded.left) }
      : { value: decoded.right };
  }
  const result = await client[operation](parameters);
  if (result._tag === "Left") {
    return { refused: readableReport(result.left) };
  }
  const { status, value, headers } = result.right;
  return { status, value, location: headers.get("location") };
}

async function main() {
  const client = createClient({ baseUrl: process.argv[2], fetchApi: fetch });
  let text = "";
  for await (const chunk of process.stdin) {
    text += chunk;
  }
  const outcomes = [];
  for (const call of JSON.parse(text)) {
    outcomes.push(await outcome(client, call));
  }
  process.stdout.write(JSON.stringify(outcomes));
}

main();
