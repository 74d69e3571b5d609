/** Structured logs. Callers pass facts, never headers, bodies or whole URLs: those hold codes, states and tokens. */
import { pino } from "pino";

export const log = pino({ level: process.env["LOG_LEVEL"] ?? "info", base: null });
