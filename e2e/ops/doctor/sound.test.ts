/** Without a fault the doctor finds none: the control of every test beside this one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, EXTERNAL_ID, freePort, startDeployment } from "./deployment.ts";
import { expectNoSecret } from "./expect-failure.ts";
import { buildDoctor, type Doctor } from "./run-doctor.ts";

describe("a sound deployment", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  const requests = async () => {
    const answer = await fetch(`${deployment.ringsideUrl}/__control/requests`);
    return ((await answer.json()) as { requests: { method: string; path: string; status: number }[] })
      .requests;
  };

  it("has no failure, and nothing is made in the account", async () => {
    const { code, failures, findings, output } = await doctor.examine(deployment.env);
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    expect(new Set(findings.map(({ check }) => check)).size).toBe(14);
    expect(findings).toContainEqual(
      expect.objectContaining({ status: "warning", variables: ["APP_ORIGIN"], check: "origin" }),
    );
    expectNoSecret(output, deployment.secrets);
    const writes = (await requests()).filter(({ method, status }) => method === "POST" && status < 300);
    expect(writes).toEqual([]);
  });

  it("is checked to the end with a Customer of its own", async () => {
    const { code, failures, findings } = await doctor.examine(deployment.env, "--external-id", EXTERNAL_ID);
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    expect(findings.filter(({ check }) => check === "page").map(({ status }) => status)).toEqual(
      Array(4).fill("ok"),
    );
  });

  it("is checked to the end with a new Customer, made once and named", async () => {
    const { code, failures, findings } = await doctor.examine(deployment.env, "--create");
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    const left = findings.find(({ found }) => /stays in your account/.test(found));
    const externalId = /doctor_[0-9a-f]+\|1/.exec(left?.found ?? "")?.[0] ?? "none";
    const url = `${deployment.ringsideUrl}/__control/customers?external_id=${encodeURIComponent(externalId)}`;
    expect(await (await fetch(url)).json()).toHaveLength(1);
    expect(findings.filter(({ check, status }) => check === "page" && status === "ok")).toHaveLength(4);
  });

  it("is told to people in lines, without colours in a pipe", async () => {
    const { code, output } = await doctor.run(deployment.env);
    expect(code).toBe(0);
    expect(output).toMatch(/^ok {7}key {12}Ringside accepts the key$/m);
    expect(output).toMatch(/^warning {2}origin .*\n {24}→ set it to/m);
    expect(output).toMatch(/failures: 0\n$/);
    expect(output).not.toContain("\x1b");
    expectNoSecret(output, deployment.secrets);
  });

  it("knows itself on its own port", async () => {
    const { port } = new URL(deployment.env["APP_ORIGIN"] ?? "");
    const { findings } = await doctor.examine({ ...deployment.env, PORT: port });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "port", status: "ok", found: expect.stringContaining("by this app") }),
    );
  });

  it("wants options it understands", async () => {
    const { code, output } = await doctor.run(deployment.env, "--creat");
    expect(code).toBe(2);
    expect(output).toContain("--external-id <id>");
  });

  it("says so when nothing at all is set", async () => {
    const { code, failures } = await doctor.examine({ PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(failures.flatMap(({ variables }) => variables).sort()).toEqual([
      "APP_ORIGIN",
      "AUTH_ADAPTERS",
      "RINGSIDE_API_KEY",
      "SESSION_SECRET",
    ]);
  });
});
