// IO's own client, as PAs run it: `node io_client.cjs <base URL>` reads one call from each line of
// stdin, as JSON [operation, parameters], and prints a line with what the client made of the answer.
// Parameters that begin with "$" are ours: `$headers` has headers that are added to the request, as
// a caller adds them in the client's `fetchApi`. So are two operations: "$decode" holds {value}
// against the type of the name {type} in the package {of}, and "$statuses" lists the statuses that the client
// can decode, by operation.
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const installed = createRequire(path.join(__dirname, "../../../infra/local/package.json"));
const { createClient } = installed("@pagopa/io-functions-services-sdk/client");
const requestTypes = installed("@pagopa/io-functions-services-sdk/requestTypes");
const { readableReport } = installed("@pagopa/ts-commons/lib/reporters");

const RESPONSES = "DefaultResponses";

function statuses() {
  const names = Object.keys(requestTypes).filter((name) => name.endsWith(RESPONSES));
  return Object.fromEntries(
    names.map((name) => [
      name.slice(0, -RESPONSES.length),
      Object.keys(requestTypes[name]).map(Number),
    ]),
  );
}

const FOLDERS = {
  sdk: "@pagopa/io-functions-services-sdk",
  commons: "@pagopa/io-functions-commons/dist/generated/definitions/v3",
};

function decode({ type, value, of }) {
  const types = installed(`${FOLDERS[of]}/${type}`);
  const decoded = types[type].decode(value);
  return decoded._tag === "Left"
    ? { refused: readableReport(decoded.left) }
    : { value: decoded.right };
}

async function call(baseUrl, operation, { $headers, ...parameters }) {
  let answered;
  const client = createClient({
    baseUrl,
    fetchApi: async (url, init) => {
      const answer = await fetch(url, { ...init, headers: { ...init.headers, ...$headers } });
      answered = answer.status;
      return answer;
    },
  });
  const result = await client[operation](parameters);
  if (result._tag === "Left") {
    return { status: answered, refused: readableReport(result.left) };
  }
  const { status, value, headers } = result.right;
  return { status, value, location: headers.get("location") };
}

async function outcome(baseUrl, operation, parameters) {
  if (operation === "$statuses") {
    return { value: statuses() };
  }
  return operation === "$decode" ? decode(parameters) : call(baseUrl, operation, parameters);
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [operation, parameters] = JSON.parse(line);
    let found;
    try {
      found = await outcome(process.argv[2], operation, parameters);
    } catch (error) {
      found = { refused: String(error) };
    }
    process.stdout.write(`${JSON.stringify(found)}\n`);
  }
}

main();
