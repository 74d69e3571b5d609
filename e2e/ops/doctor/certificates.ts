/** Self-signed certificates for `localhost`, made by openssl when a test needs one. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** @param days of validity from now on; -1 for one that ended yesterday */
export function makeCertificate(days: number): KeyAndCertificate {
  const folder = mkdtempSync(path.join(tmpdir(), "certificate-"));
  const openssl = (command: string) =>
    execFileSync("openssl", command.split(" "), { cwd: folder, stdio: "pipe" });
  try {
    writeFileSync(path.join(folder, "names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    openssl(
      "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out request -subj /CN=localhost",
    );
    openssl(`x509 -req -in request -signkey key -days ${days} -extfile names -out certificate`);
    const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
    return { key: read("key"), cert: read("certificate") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
