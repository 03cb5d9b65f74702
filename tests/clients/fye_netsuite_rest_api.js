// Carries out calls with `@fye/netsuite-rest-api`: {config, calls} on standard input, what came of each on standard output.
"use strict";

const { readFileSync } = require("node:fs");
const { makeRequest, suiteqlSearch, update } = require("@fye/netsuite-rest-api");

function rows(config, search) {
  return new Promise((resolve) => {
    const stream = suiteqlSearch(config, search);
    const found = { rows: [] };
    stream.on("totalResults", (total) => (found.total = total));
    stream.on("data", (row) => found.rows.push(row));
    stream.on("error", (error) => resolve({ error: error.message }));
    stream.on("end", () => resolve(found));
  });
}

async function answer(promise) {
  const { statusCode, headers, body } = await promise;
  return { status: statusCode, headers, body };
}

const KINDS = {
  request: (config, details) => answer(makeRequest(config, details)),
  update: (config, details) => answer(update(config, details)),
  search: rows,
};

async function main() {
  const { config, calls } = JSON.parse(readFileSync(0, "utf8"));
  const results = [];
  for (const [kind, details] of calls) results.push(await KINDS[kind](config, details));
  console.log(JSON.stringify(results));
}

main();
