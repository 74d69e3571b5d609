/** Draws the load on the servers around an outage: `npx tsx e2e/simulation/outage.cli.ts [clients]`. */
import { type Curve, type Outage, outages, simulate, summary } from "./many-clients.ts";

const BARS = " ▁▂▃▄▅▆▇█";
const clients = Number(process.argv[2] ?? 10_000);

/** Requests per second around the outage's end, five seconds to a bar, scaled to the naive client's peak. */
function draw(curve: Curve, { until }: Outage, tallest: number): string {
  const from = until / 1000 - 30;
  return Array.from({ length: 30 }, (_, bar) => {
    const busiest = Math.max(...curve.slice(from + bar * 5, from + bar * 5 + 5));
    return BARS[Math.ceil((busiest / tallest) * (BARS.length - 1))];
  }).join("");
}

for (const [name, outage] of Object.entries(outages(clients))) {
  console.log(`\n${name}: ten minutes of outage, ${clients} clients`);
  const curves = { engine: simulate(outage, "engine"), naive: simulate(outage, "naive") };
  const tallest = Math.max(...Object.values(curves).map((curve) => summary(curve, outage).peak));
  for (const [client, curve] of Object.entries(curves)) {
    const { steady, during, peak } = summary(curve, outage);
    const numbers = `steady ${steady.toFixed(0)}/s, during ${during.toFixed(0)}/s, peak ${peak}/s`;
    console.log(`  ${client} |${draw(curve, outage, tallest)}| ${numbers} = ${(peak / steady).toFixed(2)}x`);
  }
}
console.log("\nEach bar is the busiest of five seconds; the sixth bar is the last of the outage.");
