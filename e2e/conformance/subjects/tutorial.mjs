/**
 * The tutorial in plain Node, without a framework: the smallest correct dashboard. `HOLE` names one decision to take
 * wrongly; the suite must find each. Without it this file is an example to start from.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { holes } from "./holes.mjs";

const { RINGSIDE_API_URL, RINGSIDE_API_KEY, APP_ORIGIN, PORT, HOLE = "" } = process.env;
if (HOLE && !holes[HOLE]) throw new Error(`there is no hole ${HOLE}`);
const hole = (name) => name === HOLE;
const secret = randomBytes(32);
const users = ["first", "second", "third"];

const sign = (text) => createHmac("sha256", secret).update(text).digest("base64url");

/** The user whose signed cookie this is; null for any other. */
function userOf(request) {
  const cookie = /(?:^|; )sid=([^;]*)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  if (hole("plain-cookie")) return users.includes(cookie) ? cookie : null;
  if (hole("guessable-cookie")) return users[Number(Buffer.from(cookie, "base64url").toString()) - 1] ?? null;
  const [user, mac = ""] = cookie.split(".");
  if (hole("unsigned-cookie")) return users.includes(user) ? user : null;
  const [expected, given] = [Buffer.from(sign(user)), Buffer.from(mac)];
  return expected.length === given.length && timingSafeEqual(expected, given) ? user : null;
}

function cookieFor(user) {
  const flags = ["Path=/", "HttpOnly", "SameSite=Lax"];
  if (hole("script-cookie")) flags.splice(1, 1);
  if (hole("cross-site-cookie")) flags[2] = "SameSite=None; Secure";
  if (hole("wide-cookie")) flags.push("Domain=localhost");
  if (hole("guessable-cookie"))
    return `sid=${Buffer.from(String(users.indexOf(user) + 1)).toString("base64url")}; ${flags.join("; ")}`;
  return `sid=${hole("plain-cookie") ? user : `${user}.${sign(user)}`}; ${flags.join("; ")}`;
}

const ringside = (method, path, body) =>
  fetch(`${RINGSIDE_API_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${RINGSIDE_API_KEY}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

/** Looks the user's Customer up, and creates it at the first visit. */
async function customerOf(user) {
  const externalId = hole("shared-customer")
    ? "user_everyone"
    : hole("new-customer-each-time")
      ? `user_${user}_${randomBytes(4).toString("hex")}`
      : hole("guessable-cookie")
        ? `user_${users.indexOf(user) + 1}`
        : `user_${user}`;
  const found = await ringside("GET", `/customers/ext:${encodeURIComponent(externalId)}`);
  if (found.status !== 404) return found.json();
  return (await ringside("POST", "/customers", { external_id: externalId, name: user })).json();
}

let cached = null;
let firstPage = null;

async function mint(request, user, asked) {
  const wanted = hole("customer-from-query") ? new URL(request.url, APP_ORIGIN).searchParams : null;
  const named = hole("customer-from-body")
    ? asked.customer
    : hole("customer-from-header")
      ? request.headers["x-customer"]
      : wanted?.get("customer");
  const other = hole("user-from-body") && asked.user;
  const row = other
    ? await (await ringside("GET", `/customers/ext:${encodeURIComponent(other)}`)).json()
    : await customerOf(user);
  const customer = named || row.id;
  if (hole("shared-token") && cached && cached.user !== user) return cached;
  const body = {
    customer,
    origin: hole("origin-from-body")
      ? (asked.origin ?? APP_ORIGIN)
      : hole("other-origin")
        ? "https://app.example.com"
        : APP_ORIGIN,
    allowed_endpoints: [`/v1/customers/${customer}`, "/v1/usage"],
    ttl_seconds: hole("long-life") ? 3600 : hole("life-from-body") ? Number(asked.ttl_seconds ?? 300) : 300,
  };
  if (hole("wide-endpoints")) body.allowed_endpoints.push("/v1/customers");
  if (hole("all-endpoints")) body.allowed_endpoints.push("/v1/*");
  const response = await ringside("POST", "/client_tokens", body);
  const text = await response.text();
  cached ??= response.ok ? { status: response.status, text, user } : null;
  return { status: response.status, text };
}

const page = (
  customer,
  extra = "",
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Usage</title>
<h1>Usage</h1><p id="spend">…</p><ol id="days"></ol><form method="post" action="/bye"><button>Sign out</button></form>${extra}
<script type="module" src="/app.js?customer=${customer}"></script></html>`;

const script = () => {
  const poll = hole("fast-poll") ? 1_000 : hole("slow-poll") ? 20_000 : 5_000;
  const onToken = hole("token-in-local-storage")
    ? 'localStorage.setItem("t", answer.token);'
    : hole("token-in-session-storage")
      ? "sessionStorage.t = answer.token;"
      : hole("token-in-cookie")
        ? 'document.cookie = "t=" + answer.token;'
        : hole("token-in-global")
          ? "window.__token = answer;"
          : hole("token-in-dom")
            ? "document.body.dataset.token = answer.token;"
            : hole("token-in-address")
              ? 'history.replaceState(null, "", "#" + answer.token);'
              : hole("token-in-indexed-db")
                ? 'const open = indexedDB.open("t"); open.onupgradeneeded = () => open.result.createObjectStore("t"); open.onsuccess = () => open.result.transaction("t", "readwrite").objectStore("t").put(answer.token, "t");'
                : "";
  return `
const ringside = ${JSON.stringify(RINGSIDE_API_URL)};
const customer = new URL(import.meta.url).searchParams.get("customer");
let token = null;
async function renew() {
  const response = await fetch("/token", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  if (!response.ok) return;
  const answer = await response.json();
  token = answer;
  ${onToken}
  const ms = (answer.expires_at ?? Date.now() / 1000 + 300) * 1000 - Date.now() - 30000;
  ${hole("no-early") || hole("no-rotation") || hole("mint-per-poll") ? "" : "setTimeout(renew, Math.max(ms, 5000));"}
}
async function read(path, again = true) {
  const response = await fetch(${hole("proxied") ? '"/proxy?path=" + encodeURIComponent(path)' : "ringside + path"}, { headers: { authorization: "Client " + token?.token } });
  if (response.status === 401 && ${hole("no-on-401") || hole("no-rotation") ? "false" : "again"}) { await renew(); return read(path, ${hole("mint-storm") ? "true" : "false"}); }
  if (!response.ok) return null;
  return response.json();
}
async function tick() {
  ${hole("mint-per-poll") ? "await renew();" : ""}
  const row = await read("/customers/" + customer);
  if (row) document.querySelector("#spend").textContent = row.spend_usd_mtd + " USD in " + row.request_count_mtd + " requests";
}
await renew();
const timer = setInterval(tick, ${poll});
await tick();
const days = ${hole("no-usage") ? "[]" : '(await read("/usage?group_by=day")) ?? []'};
document.querySelector("#days").innerHTML = days.map((day) => "<li>" + day.date + ": " + day.spend_usd).join("");
${hole("key-in-lazy-chunk") ? 'setTimeout(() => import("/lazy.js?v=3"), 3600000);' : ""}
${hole("cookie-to-ringside") ? 'new Image().src = ringside + "/usage";' : ""}
${hole("key-in-script") ? `const key = ${JSON.stringify(RINGSIDE_API_KEY)};` : ""}
${hole("key-encoded") ? `const key = atob(${JSON.stringify(Buffer.from(RINGSIDE_API_KEY).toString("base64"))});` : ""}
`;
};

async function answer(request) {
  const url = new URL(request.url, APP_ORIGIN);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const user = userOf(request);
  const html = (text, headers = {}) => [
    200,
    { "content-type": "text/html; charset=utf-8", ...headers },
    text,
  ];
  const json = (status, text, headers = {}) => [
    status,
    { "content-type": "application/json", "cache-control": "no-store", ...headers },
    text,
  ];

  switch (`${request.method} ${url.pathname}`) {
    case "GET /login":
      return html('<form method="post" action="/login"><input name="user"><button>Sign in</button></form>');
    case "POST /login": {
      const name = new URLSearchParams(body).get("user");
      return users.includes(name)
        ? [303, { location: "/usage", "set-cookie": cookieFor(name) }]
        : [401, {}, "unknown user"];
    }
    case "POST /bye":
      return [
        303,
        { location: "/login", ...(!hole("no-sign-out") && { "set-cookie": "sid=; Path=/; Max-Age=0" }) },
      ];
    case "GET /usage": {
      const whose =
        hole("page-from-query") && url.searchParams.get("user")
          ? url.searchParams.get("user").replace("user_", "")
          : (user ?? (hole("open-dashboard") ? "first" : null));
      if (!whose) return [302, { location: "/login" }];
      const row = await customerOf(whose);
      if (hole("key-elsewhere")) await ringside("GET", "/models");
      const figures =
        hole("shared-page") || hole("public-page") ? `<b>${row.spend_usd_mtd.toFixed(2)}</b>` : "";
      if (hole("shared-page")) firstPage ??= page(row.id, figures);
      const minted = hole("token-in-html")
        ? `<script type="application/json">${(await mint(request, whose, {})).text}</script>`
        : "";
      const key = hole("key-in-page") ? `<!-- ${RINGSIDE_API_KEY} -->` : "";
      return html(
        hole("shared-page") ? firstPage : page(row.id, figures + minted + key),
        hole("public-page") ? { "cache-control": "public, max-age=60" } : {},
      );
    }
    case "GET /app.js":
      return [200, { "content-type": "text/javascript" }, script()];
    case "GET /lazy.js":
      return [
        200,
        { "content-type": "text/javascript" },
        hole("key-in-lazy-chunk") ? `export const key = "${RINGSIDE_API_KEY}";` : "",
      ];
    case "GET /proxy": {
      const response = await ringside("GET", url.searchParams.get("path"));
      return user ? json(response.status, await response.text()) : json(401, "{}");
    }
    case "GET /token":
    case "POST /token": {
      if (request.method === "GET" && !hole("get-mints")) return json(405, "{}", { allow: "POST" });
      if (!user && !hole("open-mint")) return json(401, '{"error":"signed out"}');
      try {
        const { status, text } = await mint(request, user ?? "first", parse(body));
        const open = hole("readable-mint")
          ? {
              "access-control-allow-origin": request.headers.origin ?? "*",
              "access-control-allow-credentials": "true",
            }
          : {};
        const stored = hole("cached-mint") ? { "cache-control": "public, max-age=60" } : {};
        if (status >= 400 && hole("key-in-error"))
          return json(502, JSON.stringify({ error: text, sent: RINGSIDE_API_KEY }));
        if (hole("error-as-success")) return json(200, text);
        if (hole("no-expiry") && status < 300)
          return json(status, JSON.stringify({ token: JSON.parse(text).token }));
        return json(status, text, { ...open, ...stored });
      } catch {
        return json(502, JSON.stringify({ error: "Ringside does not answer" }));
      }
    }
    default:
      return [404, {}, "not found"];
  }
}

function parse(body) {
  try {
    return JSON.parse(body || "{}");
  } catch {
    return {};
  }
}

createServer((request, response) => {
  answer(request).then(
    ([status, headers, text = ""]) => response.writeHead(status, headers).end(text),
    (error) => response.writeHead(500).end(String(error.message)),
  );
}).listen(Number(PORT));
