/** Two processes of the built app behind nginx, with one Redis: whatever happens to one of them, no user notices. */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Browser, BrowserLoad, poll, tokenIn } from "./clients.ts";
import { directoryFor, portAt, redisUrl, secrets, startApp, startNginx, startRedis } from "./deployment.ts";
import { answers, type Program, until } from "./programs.ts";

const PORTS = [portAt(0), portAt(1)] as const;
const NGINX_PORT = portAt(10);
const ORIGIN = `http://localhost:${NGINX_PORT}`;
const DOORS = PORTS.map((port) => `http://127.0.0.1:${port}`);
const [FIRST = "", SECOND = ""] = DOORS;
const SIGN_INS_PER_MINUTE = 40;

const directory = directoryFor("cluster");
const running: { redis?: Program; nginx?: Program; apps: Program[] } = { apps: [] };
/** What processes wrote that are gone. */
let earlierOutput = "";

const startProcess = (index: 0 | 1) =>
  startApp(PORTS[index], ORIGIN, {
    REDIS_URL: redisUrl,
    SIGN_INS_PER_MINUTE: String(SIGN_INS_PER_MINUTE),
    TRUST_PROXY: "1",
    EMBED_ORIGINS: "http://127.0.0.1:1",
  });

beforeAll(async () => {
  running.redis = await startRedis(directory);
  running.apps = await Promise.all([startProcess(0), startProcess(1)]);
  running.nginx = await startNginx(directory, NGINX_PORT, [...PORTS]);
});

afterAll(async () => {
  const { redis, nginx, apps } = running;
  await Promise.all([redis, nginx, ...apps].map((program) => program?.kill()));
  rmSync(directory, { recursive: true });
});

/** Each from its own address, so that none uses up another's sign-ins. */
let addresses = 1;
const visitor = () => new Browser({ origin: ORIGIN, address: `127.0.1.${++addresses}` });

async function signedIn(persona = "ada"): Promise<Browser> {
  const person = visitor();
  const { status, url } = await person.signIn(persona);
  expect([status, url]).toEqual([200, `${ORIGIN}/dashboard`]);
  return person;
}

const code = ({ text }: { text: string }) => JSON.parse(text).code;

describe("sessions", () => {
  it("are the same in every process", async () => {
    const ada = await signedIn();
    for (const door of DOORS) expect((await ada.at(door).mint()).status).toBe(200);
    expect((await ada.at(SECOND).visit("/dashboard")).text).toContain("Ada Lovelace");
  });

  it("end everywhere at sign-out, for copies of the cookie too, and on that device alone", async () => {
    const [laptop, phone] = [await signedIn(), await signedIn()];
    const thief = laptop.at(SECOND);
    expect((await laptop.at(FIRST).ask("/sign-out", { method: "POST" })).headers.location).toBe("/sign-in");
    expect(code(await thief.mint())).toBe("not_signed_in");
    expect((await phone.mint()).status).toBe(200);
  });

  it("end when their browser signs in again, copies of the cookie included", async () => {
    const browser = await signedIn();
    const copy = browser.at(SECOND);
    expect((await copy.mint()).status).toBe(200);
    expect((await browser.signIn("grace")).text).toContain("Grace Hopper");
    expect(code(await copy.mint())).toBe("not_signed_in");
    expect((await browser.mint()).status).toBe(200);
  });

  it("end on all devices when asked to, and no other user's do", async () => {
    const [laptop, phone, grace] = [await signedIn(), await signedIn(), await signedIn("grace")];
    expect((await laptop.visit("/dashboard")).text).toContain('name="everywhere"');
    await laptop.at(FIRST).ask("/sign-out", { method: "POST", form: { everywhere: "1" } });
    expect(code(await phone.at(SECOND).mint())).toBe("not_signed_in");
    expect((await phone.visit("/dashboard")).url).toContain("/sign-in");
    expect((await grace.mint()).status).toBe(200);
    expect((await signedIn().then((again) => again.mint())).status).toBe(200);
  });
});

describe("once", () => {
  const sessionIn = ({ headers }: Answer) =>
    (headers["set-cookie"] ?? []).some((cookie) => /^__Host-session=[^;]/.test(cookie));

  it("is a sign-in attempt: of twenty callbacks at both processes, one signs in", async () => {
    const ada = visitor();
    const begun = await ada.ask("/auth/demo", { method: "POST", form: { choice: "ada" } });
    const { pathname, search } = new URL(String(begun.headers.location));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => ada.at(DOORS[nth % 2] ?? "").ask(pathname + search)),
    );
    expect(answers.filter(sessionIn)).toHaveLength(1);
    for (const answer of answers.filter((each) => !sessionIn(each)))
      expect(answer.headers.location).toBe("/sign-in?problem=invalid_state");
  });

  it("is a hand-over code: of twenty frames at both processes, one gets the session", async () => {
    const ada = await signedIn();
    const { text } = await ada.visit("/embed/hand-over");
    const [handOver] = /eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+/.exec(text) ?? [];
    const redeem = (door: string) =>
      fetch(`${door}/embed/session`, {
        method: "POST",
        headers: { origin: ORIGIN, "content-type": "application/json" },
        body: JSON.stringify({ code: handOver }),
      });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, nth) => redeem(DOORS[nth % 2] ?? "")));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([204, ...Array(19).fill(401)]);
  });
});

describe("Redis", () => {
  it("holds no key that the hash of a user's id would find", async () => {
    await signedIn();
    const client = new Redis(redisUrl);
    try {
      const keys = await client.keys("*");
      expect(keys.some((key) => key.includes(":session:"))).toBe(true);
      const user = JSON.stringify(["demo", ORIGIN, "ada"]);
      for (const guess of ["ada", "demo_ada", user, `${ORIGIN} ada`, "127.0.1.2", "127.0.0.1"])
        for (const encoding of ["hex", "base64", "base64url"] as const) {
          const hash = createHash("sha256").update(guess).digest(encoding).slice(0, 20);
          expect(keys.filter((key) => key.includes(hash))).toEqual([]);
        }
    } finally {
      client.disconnect();
    }
  });
});

describe("limits", () => {
  it("are counted for all processes together: callbacks that belong to no sign-in", async () => {
    const bot = visitor();
    const callBack = (nth: number) => bot.ask(`/auth/demo/callback?state=forged-${nth}&code=c`);
    for (let nth = 0; nth < SIGN_INS_PER_MINUTE; nth++) expect((await callBack(nth)).status).toBe(302);
    const refused = await callBack(SIGN_INS_PER_MINUTE);
    expect([refused.status, code(refused)]).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    // A sign-in of that address still works.
    expect((await bot.signIn("ada")).url).toBe(`${ORIGIN}/dashboard`);
  });

  it("are counted for all processes together: mints by session", async () => {
    const alan = await signedIn("alan");
    const statuses: number[] = [];
    for (let nth = 0; nth < 60; nth++) statuses.push((await alan.at(DOORS[nth % 2] ?? "").mint()).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const door of DOORS) {
      const refused = await alan.at(door).mint();
      expect([refused.status, code(refused)]).toEqual([429, "rate_limited"]);
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    }
    expect((await signedIn("alan").then((otherDevice) => otherDevice.mint())).status).toBe(200);
  });

  it("are counted for all processes together: sign-ins by address, whatever a client says it is", async () => {
    const bot = visitor();
    const start = (headers = {}) =>
      bot.ask("/auth/demo", { method: "POST", form: { choice: "ada" }, headers });
    for (let nth = 0; nth < SIGN_INS_PER_MINUTE; nth++) expect((await start()).status).toBe(302);
    const refused = await start({ "x-forwarded-for": "203.0.113.9" });
    expect([refused.status, code(refused)]).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    // A person reads it on the page they came from.
    expect((await bot.signIn("ada")).text).toContain("too many sign-ins");
    await signedIn();
  });
});

describe("a process", () => {
  /** What becomes of people while something happens; both processes serve them before it does. */
  async function whileUsed(happens: (crowd: BrowserLoad) => Promise<void>): Promise<string[]> {
    const people = await Promise.all(["ada", "grace", "alan", "ada"].map((persona) => signedIn(persona)));
    const crowd = new BrowserLoad(people, ORIGIN);
    try {
      for (const port of PORTS) await crowd.servedBy(port);
      await happens(crowd);
    } finally {
      await crowd.goHome();
    }
    return crowd.noticed;
  }

  it("is killed in the middle of its work, and no user notices", async () => {
    const noticed = await whileUsed(async (crowd) => {
      await running.apps[0]?.kill();
      await crowd.servedBy(PORTS[1], 20);
      await restart(0);
      await crowd.servedBy(PORTS[0], 4);
    });
    expect(noticed).toEqual([]);
  });

  it("is told to stop, cuts no request off, and ends in time", async () => {
    const noticed = await whileUsed(async (crowd) => {
      const asked = Date.now();
      running.apps[1]?.signal("SIGTERM");
      expect(await running.apps[1]?.ended).toBe(0);
      expect(Date.now() - asked).toBeLessThan(10_000);
      await crowd.servedBy(PORTS[0], 8);
      await restart(1);
    });
    expect(noticed).toEqual([]);
  });
});

describe("while Redis is away", () => {
  const ways = [
    {
      way: "hangs",
      leave: async () => running.redis?.signal("SIGSTOP"),
      comeBack: async () => running.redis?.signal("SIGCONT"),
    },
    {
      way: "has ended",
      leave: async () => {
        running.redis?.signal("SIGTERM");
        await running.redis?.ended;
      },
      comeBack: async () => {
        running.redis = await startRedis(directory);
      },
    },
  ];

  it.each(ways)(
    "because it $way, pages and problems say so, an open page goes on, and all comes back",
    async ({ leave, comeBack }) => {
      const ada = await signedIn();
      const token = tokenIn(await ada.mint(), ORIGIN);
      await leave();
      try {
        for (const door of DOORS) {
          const asked = Date.now();
          const minted = await ada.at(door).mint();
          expect([minted.status, code(minted)]).toEqual([503, "session_store_unavailable"]);
          expect(Number(minted.headers["retry-after"])).toBeGreaterThan(0);
          expect(Date.now() - asked).toBeLessThan(3_000);
          expect(await answers(`${door}/readyz`)).toBe(false);
          expect(await answers(`${door}/healthz`)).toBe(true);
        }

        const begun = await visitor().ask("/auth/demo", { method: "POST", form: { choice: "ada" } });
        expect([begun.status, code(begun)]).toEqual([503, "session_store_unavailable"]);
        const page = await visitor().signIn("ada");
        expect([page.status, page.url]).toEqual([503, `${ORIGIN}/sign-in?problem=session_store_unavailable`]);
        expect(page.text).toContain("Sign-in is temporarily unavailable");
        const dashboard = await ada.visit("/dashboard");
        expect([dashboard.status, dashboard.url]).toEqual([503, `${ORIGIN}/dashboard`]);
        expect(dashboard.text).toContain("You stay signed in");

        expect((await poll(token)).status).toBe(200);
      } finally {
        await comeBack();
      }
      for (const door of DOORS) await until("ready again", () => answers(`${door}/readyz`));
      for (const door of DOORS) expect((await ada.at(door).mint()).status).toBe(200);
      expect((await ada.visit("/dashboard")).status).toBe(200);
      await signedIn();
    },
  );

  it("a sign-out still clears this browser, and says what is left", async () => {
    const ada = await signedIn();
    running.redis?.signal("SIGSTOP");
    try {
      const { text } = await ada.visit("/sign-out", { method: "POST" });
      expect(text).toContain("This browser is signed out");
      expect(ada.cookies).toEqual([]);
    } finally {
      running.redis?.signal("SIGCONT");
    }
    for (const door of DOORS) await until("ready again", () => answers(`${door}/readyz`));
  });
});

it("no process wrote a secret, a token, a cookie or an external_id", async () => {
  const ada = await signedIn();
  const { text } = await ada.mint();
  const log = earlierOutput + running.apps.map((app) => app.output()).join("");
  expect(log).toContain('"event":"redis_away"');
  expect(log).toContain('"event":"redis_back"');
  expect(log).toContain('"event":"signed_in"');
  for (const secret of [...secrets, ...ada.cookies, JSON.parse(text).token])
    expect(log).not.toContain(secret);
  expect(log).not.toMatch(/eyJ|demo_ada|Lovelace|[?&]code=|[?&]state=/);
  for (const line of log.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
});

async function restart(index: 0 | 1): Promise<void> {
  earlierOutput += running.apps[index]?.output() ?? "";
  running.apps[index] = await startProcess(index);
}
