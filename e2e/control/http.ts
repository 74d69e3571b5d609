/** JSON over HTTP to a mock's control API; a refusal fails the test that asked. */
export async function control<T = unknown>(
  base: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${base}/__control${path}`, {
    method,
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${base}/__control${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
