/** Ends a run with `e2e: N passed, N failed`, which scripts and CI read whatever the runner's own format is. */
import type { FullResult, Reporter, TestCase } from "@playwright/test/reporter";

export default class ClosingLine implements Reporter {
  private readonly tests = new Set<TestCase>();

  onTestEnd(test: TestCase) {
    this.tests.add(test);
  }

  onEnd(result: FullResult) {
    const passed = [...this.tests].filter((test) => test.ok()).length;
    // A run that could not start has failed, although no test of it did.
    const failed = Math.max(this.tests.size - passed, result.status === "passed" ? 0 : 1);
    console.log(`e2e: ${passed} passed, ${failed} failed`);
  }
}
