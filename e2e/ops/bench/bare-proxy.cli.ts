/** The least that Node can do for a mint: takes a request, asks Ringside with the key, passes the answer on. */
import { createServer } from "node:http";

const [port = "", url = "", key = "", body = ""] = process.argv.slice(2);

createServer(async (_request, response) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
  const content = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.ok ? 200 : 502, {
    "content-type": "application/json",
    "content-length": content.length,
  });
  response.end(content);
}).listen(Number(port), "127.0.0.1");
