import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { causeOf, describeError, symbol } from "./describe-error.ts";

const failed = (code: string, more: object = {}) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("inner"), { code, ...more }) });

describe("causeOf", () => {
  it.each([
    ["ENOTFOUND", "name_not_found"],
    ["EAI_AGAIN", "name_not_found"],
    ["ECONNREFUSED", "connection_refused"],
    ["ECONNRESET", "connection_reset"],
    ["UND_ERR_SOCKET", "connection_reset"],
    ["EHOSTUNREACH", "unreachable"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "unknown_ca"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "unknown_ca"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknown_ca"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unknown_ca"],
    ["CERT_HAS_EXPIRED", "certificate_expired"],
    ["CERT_NOT_YET_VALID", "certificate_not_yet_valid"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "hostname_mismatch"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tls_failed"],
    ["EPROTO", "tls_failed"],
    ["SOMETHING_ELSE", "unknown"],
  ])("of %s is %s, however often it is wrapped", (code, cause) => {
    expect(causeOf(failed(code))).toBe(cause);
    expect(causeOf(new Error("OAUTH", { cause: failed(code) }))).toBe(cause);
  });

  it("looks into the errors of several addresses", () => {
    const each = [Object.assign(new Error("::1"), { code: "ECONNREFUSED" })];
    expect(causeOf(new TypeError("fetch failed", { cause: new AggregateError(each) }))).toBe(
      "connection_refused",
    );
  });

  it.each([[null], [undefined], ["text"], [{}], [{ code: "constructor" }]])("of %j is unknown", (thrown) => {
    expect(causeOf(thrown)).toBe("unknown");
  });

  it("ends on an error that is its own cause", () => {
    const error = new Error("loop");
    error.cause = error;
    expect(causeOf(error)).toBe("unknown");
  });

  const reason = (url: string, init: RequestInit = {}) =>
    fetch(url, init).catch((error: unknown) => causeOf(error));

  it("names what a real fetch met: a refused port, an unknown name, a reset, plain HTTP behind https, a timeout", async () => {
    const reset = createServer((socket) => socket.resetAndDestroy()).listen(0, "127.0.0.1");
    const plain = createHttpServer((_, response) => response.end()).listen(0, "127.0.0.1");
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    const hanging = createServer((socket) => onTestFinished(() => void socket.destroy()));
    hanging.listen(0, "127.0.0.1");
    onTestFinished(() => {
      for (const server of [reset, plain, hanging]) server.close();
    });
    const at = (server: { address(): AddressInfo | string | null }) =>
      `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => silent.once("listening", resolve));
    const closed = at(silent);
    await new Promise((resolve) => silent.close(resolve));
    expect(await reason(`http://${closed}/`)).toBe("connection_refused");
    expect(await reason("http://name.invalid/")).toBe("name_not_found");
    expect(await reason(`http://${at(reset)}/`)).toBe("connection_reset");
    expect(await reason(`https://${at(plain)}/`)).toBe("tls_failed");
    expect(await reason(`http://${at(hanging)}/`, { signal: AbortSignal.timeout(20) })).toBe("timeout");
  });
});

describe("describeError", () => {
  it("tells the class, status, symbolic codes and the cause", () => {
    const cause = Object.assign(new Error("connect to 10.0.0.1"), { code: "ECONNREFUSED" });
    expect(describeError(new TypeError("fetch failed", { cause }))).toBe(
      "TypeError ECONNREFUSED connection_refused",
    );
    expect(
      describeError(Object.assign(new Error("no"), { status: 401, code: "A_CODE", error: "invalid_client" })),
    ).toBe("Error 401 A_CODE invalid_client");
  });

  it("repeats no message, body, code or token", () => {
    const error = Object.assign(
      new Error("canary", { cause: { body: { access_token: "canary" }, code: "4/0canary1" } }),
      {
        code: "gho_16C7e42F292c6912E7",
        error: "<b>canary</b>",
        status: "canary",
      },
    );
    expect(describeError(error)).toBe("Error");
  });

  it.each([
    ["a string", "string"],
    [undefined, "undefined"],
    [null, "object"],
  ])("copes with %j", (thrown, text) => {
    expect(describeError(thrown)).toBe(text);
  });
});

describe("symbol", () => {
  it.each([
    ["server_error", "server_error"],
    ["ECONNREFUSED", "ECONNREFUSED"],
    ["", null],
    ["a b", null],
    ["x".repeat(60), null],
    ["code123", null],
    [7, null],
    [null, null],
  ])("%j → %j", (value, text) => {
    expect(symbol(value)).toBe(text);
  });
});
