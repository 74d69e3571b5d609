/**
 * A Ringside that costs next to nothing: the first time it asks the mock, and from then on it gives the same answer
 * at once. With the mock itself in its place, both sides of a ratio would mostly be the mock's time.
 */
import { createServer } from "node:http";

const [port = "", upstream = ""] = process.argv.slice(2);

interface Answer {
  status: number;
  body: Buffer;
}
const replies = new Map<string, Promise<Answer>>();

const server = createServer(async (request, response) => {
  const { method = "GET", url = "", headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);

  const ask = async (): Promise<Answer> => {
    const answer = await fetch(upstream + url, {
      method,
      headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
      body: method === "GET" ? null : body,
    });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const key = `${method} ${url} ${body}`;
  const answer = replies.get(key) ?? ask();
  replies.set(key, answer);
  const { status, body: content } = await answer;
  response.writeHead(status, { "content-type": "application/json", "content-length": content.length });
  response.end(content);
});
// Node's 5 s is about a round: connections would be closed in the moment of their next use.
server.keepAliveTimeout = 65_000;
server.listen(Number(port), "127.0.0.1");
