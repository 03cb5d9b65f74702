// Carries out requests with `netsuite-rest`: {options, requests} on standard input, what came of each on standard output.
"use strict";

const { readFileSync } = require("node:fs");
const NetsuiteRest = require("netsuite-rest");

async function done(client, request) {
  try {
    const answer = await client.request(request);
    return { status: answer.statusCode, headers: answer.rawHeaders, body: answer.data };
  } catch (error) {
    if (!error.response) throw error;
    return { error: error.message, status: error.response.statusCode, body: JSON.parse(error.response.body) };
  }
}

async function main() {
  const { options, requests } = JSON.parse(readFileSync(0, "utf8"));
  const client = new NetsuiteRest(options);
  const results = [];
  for (const request of requests) results.push(await done(client, request));
  console.log(JSON.stringify(results));
}

main();
