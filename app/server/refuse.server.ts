/** Refusals before any route is reached: a sentence for people, a problem for programs. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { requestContext } from "#app/server/request-context.server.ts";
import { wantsHtml } from "./accept.server.ts";
import { type ProblemCode, problem } from "./problem.server.ts";
import { send } from "./web-handler.server.ts";

export async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  code: ProblemCode,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = problem(code, headers);
  await send(response, wantsHtml(request.headers.accept) ? await inWords(answer) : answer);
}

/** As text, not HTML: it has to work when nothing else does. */
async function inWords(answer: Response): Promise<Response> {
  const { title } = await answer.json();
  const context = requestContext();
  const headers = new Headers(answer.headers);
  headers.set("content-type", "text/plain; charset=utf-8");
  return new Response(`${title}\n${context ? `\nRequest ${context.id}\n` : ""}`, {
    status: answer.status,
    headers,
  });
}
