// Loaded before @vercel/cosmosdb-server: mends it where it does otherwise than Azure Cosmos DB and the
// app relies on that. The contract suite (tests/contract) tells when one of these is needed no more.
//   - the read of a document that is not there fails
//   - a filter predicate is compared in lower case, and with documents of every partition
//   - a patch into a path that does not exist changes another one
//   - a batch has no patch, takes the partition from no header, and undoes nothing
//   - documents have no largest size
//   - a query has no GROUP BY
//   - a query is parsed anew for each request, which takes longer than its answer
const lib = "@vercel/cosmosdb-server/lib";
const queries = require("@zeit/cosmosdb-query");
const parsed = queries.default;
const known = new Map();
const query = (queries.default = (text) => {
  if (!known.has(text)) {
    if (known.size >= 1000) known.clear();
    known.set(text, parsed(text));
  }
  return known.get(text);
});
const Items = require(`${lib}/account/items`).default;
const documents = require(`${lib}/handler/_document-operations`);
const patches = require(`${lib}/handler/_patch-operations`);
const reads = require(`${lib}/handler/read-document`);
const batch = require(`${lib}/handler/batch-documents`);
const bodies = require(`${lib}/json`);
const json = bodies.default;

const partitionOf = (request) => request.headers["x-ms-documentdb-partitionkey"];
const MAX_BYTES = 2 * 1024 * 1024;
const refusal = (statusCode, message) => ({ statusCode, body: { code: String(statusCode), message } });

const read = reads.default;
reads.default = async (account, request, response, params) => {
  const { documents: store } = account.database(params.dbId).collection(params.collId);
  const [partition] = JSON.parse(partitionOf(request));
  if (store._item("/id", params.docId, partition).read()) {
    return read(account, request, response, params);
  }
  response.statusCode = 404;
  return { code: "NotFound", message: "no such document" };
};

const patch = patches.patchOperation;
patches.patchOperation = (collection, input) => {
  const [partition] = JSON.parse(input.partitionKey);
  const data = collection.document(input.id, partition).read();
  if (data && input.condition) {
    const { result } = query(`SELECT * ${input.condition}`).exec([data], {});
    if (!result.length) return refusal(412, "the predicate does not hold");
  }
  const exists = (path) =>
    path.split("/").slice(1, -1).reduce((at, key) => at?.[key], data) instanceof Object;
  if (data && !input.operations.every(({ path }) => exists(path))) {
    return refusal(400, "the parent of a path does not exist");
  }
  return patch(collection, { ...input, condition: undefined });
};

for (const name of ["create", "replace"]) {
  const write = Items.prototype[name];
  Items.prototype[name] = function sized(data, ...rest) {
    if (Buffer.byteLength(JSON.stringify(data)) > MAX_BYTES) {
      throw Object.assign(new Error("the document is too large"), { badRequest: true });
    }
    return write.call(this, data, ...rest);
  };
}

const grouping = /^SELECT (c\["\w+"\]) AS (\w+), COUNT\(1\) AS (\w+) (FROM c WHERE .+) GROUP BY \1$/;
bodies.default = async (request) => {
  const content = await json(request);
  const found = grouping.exec(content?.query ?? "");
  if (!found) return content;
  const [, field, group, count, from] = found;
  return { ...content, query: `SELECT ${field} AS ${group} ${from}`, grouped: { group, count } };
};
const search = Items.prototype.query;
Items.prototype.query = function grouped(params, options) {
  if (!params.grouped) return search.call(this, params, options);
  const { group, count } = params.grouped;
  const counts = new Map();
  for (const { [group]: value } of search.call(this, params, {}).result) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { result: [...counts].map(([value, number]) => ({ [group]: value, [count]: number })) };
};

const operations = {
  Create: documents.createOperation,
  Upsert: documents.upsertOperation,
  Replace: documents.replaceOperation,
  Delete: documents.deleteOperation,
  Patch: (collection, { resourceBody, ...input }) =>
    patches.patchOperation(collection, { ...input, ...resourceBody }),
};
batch.default = async (account, request, response, { dbId, collId }) => {
  const { documents: store } = account.database(dbId).collection(collId);
  const before = { _data: new Map(store._data), _index: new Map(store._index) };
  const partitionKey = partitionOf(request);
  const results = [];
  let failed = false;
  for (const { operationType, ...input } of await json(request)) {
    const collection = account.database(dbId).collection(collId);
    const { statusCode, body } = failed
      ? { statusCode: 424 }
      : operations[operationType](collection, { ...input, partitionKey });
    failed ||= statusCode >= 400;
    results.push({ statusCode, requestCharge: 1, eTag: body?._etag, resourceBody: body });
  }
  if (failed) Object.assign(store, before);
  response.statusCode = failed ? 207 : 200;
  return results;
};
