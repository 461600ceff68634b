// Pushes the documents of a file to a pouchdb-server that this program starts, and pulls them into another database.
// node replicate.js DOCUMENTS.json FOLDER PORT: prints how many milliseconds each took and how many documents came.
const fs = require("fs");
const path = require("path");
const { spawn } = require("child_process");
const { once } = require("events");
const { setTimeout: later } = require("timers/promises");
const PouchDB = require("pouchdb");

async function answers(url) {
  for (let tries = 0; tries < 300; tries++) {
    try {
      return await fetch(url);
    } catch {
      await later(100);
    }
  }
  throw new Error("pouchdb-server does not answer");
}

async function main() {
  const [documents, folder, port] = process.argv.slice(2);
  const program = require.resolve("pouchdb-server/bin/pouchdb-server");
  fs.mkdirSync(path.join(folder, "server"), { recursive: true });
  const named = ["--port", port, "--dir", path.join(folder, "server"), "--config", path.join(folder, "config.json")];
  const server = spawn(process.execPath, [program, ...named, "--no-stdout-logs"], { stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url);
    const one = new PouchDB(path.join(folder, "one"));
    await one.bulkDocs(JSON.parse(fs.readFileSync(documents)));
    const begun = Date.now();
    await one.replicate.to(`${url}/patients`, { batch_size: 500 });
    const pushed = Date.now();
    const other = new PouchDB(path.join(folder, "other"));
    await other.replicate.from(`${url}/patients`, { batch_size: 500 });
    const pulled = Date.now();
    const { doc_count: count } = await other.info();
    console.log(JSON.stringify({ push: pushed - begun, pull: pulled - pushed, count }));
  } finally {
    server.kill();
    await once(server, "exit");
  }
  process.exit(0);
}

main();
