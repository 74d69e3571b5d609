/** Refusals as Ringside words them. Thrown, because MSW sends a thrown Response as it is. */
import { HttpResponse } from "msw";
import type * as z from "zod/mini";
import { errorBody } from "#app/ringside/contract.ts";

export function refusal(status: number, code: string, message: string, headers: HeadersInit = {}): Response {
  return HttpResponse.json(errorBody(code, message), { status, headers });
}

export const notFound = () => refusal(404, "not_found", "No such resource.");

export const invalid = (message: string) => refusal(400, "invalid_request", message);

/** A JSON body that the schema takes. @throws Response 400 invalid_request, naming the field */
export async function readBody<T extends z.ZodMiniType>(request: Request, schema: T): Promise<z.output<T>> {
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    throw invalid("Content-Type must be application/json.");
  }
  const body: unknown = await request.json().catch(() => {
    throw invalid("The body is not JSON.");
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".");
  throw invalid(path ? `The field ${path} is missing or invalid.` : "The body is invalid.");
}
